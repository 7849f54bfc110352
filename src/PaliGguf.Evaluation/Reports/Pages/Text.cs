namespace PaliGguf.Evaluation.Reports.Pages;

/// <summary>Texts as the page shows them.</summary>
internal static class Text
{
    /// <summary>A text, or its beginning where it is long.</summary>
    public static string Short(string text, int longest) => text.Length <= longest ? text : text[..longest] + "...";
}
