namespace PaliGguf.Evaluation.Reports.Pages;

/// <summary>A page that holds all it shows, loads nothing, runs no script, and keeps under a content policy that forbids both.</summary>
internal static class HtmlPage
{
    /// <summary>Writes a page.</summary>
    /// <param name="title">What it is called.</param>
    /// <param name="body">Writes what is below.</param>
    public static string Write(string title, Action<HtmlWriter> body)
    {
        HtmlWriter html = new();
        html.Element("html", () =>
        {
            html.Element("head", () =>
            {
                html.Void("meta", ("charset", "utf-8"));
                html.Void("meta", ("http-equiv", "Content-Security-Policy"), ("content", PageStyle.Policy));
                html.Void("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"));
                html.Element("title", title);
                html.Style(PageStyle.Sheet);
            });
            html.Element("body", () =>
            {
                html.Element("h1", title);
                body(html);
            });
        }, ("lang", "en"));
        return html.ToString();
    }
}
