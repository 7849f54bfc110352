namespace PaliGguf.Evaluation.Reports.Pages;

/// <summary>The table of scores.</summary>
internal static class ScoreRows
{
    public static void Write(HtmlWriter html, EvaluationReport report) => html.Element("table", () =>
    {
        html.Element("tr", () =>
        {
            foreach (string head in ReportTable.Head(report)) html.Element("th", head, ("scope", "col"));
        });
        foreach (ReportedValue value in report.Values)
        {
            html.Element("tr", () =>
            {
                string[] cells = ReportTable.Row(report, value);
                html.Element("th", cells[0], ("scope", "row"));
                string kind = value.Against is { IsSignificant: true } ? "significant" : "";
                foreach (string cell in cells[1..]) html.Element("td", cell, ("class", kind));
            });
        }
    });
}
