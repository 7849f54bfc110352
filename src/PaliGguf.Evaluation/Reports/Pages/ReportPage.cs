using PaliGguf.Tasks.Masks;

namespace PaliGguf.Evaluation.Reports.Pages;

/// <summary>
/// A report as one HTML page that holds all it shows, loads nothing, runs no script, and keeps under a content policy that forbids both.
/// </summary>
public static class ReportPage
{
    private const int LongestName = 200;

    /// <summary>Writes the page.</summary>
    /// <param name="report">The report.</param>
    /// <param name="decoder">The model's decoder of masks; null to draw boxes alone.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <returns>The page. A picture that can not be read is told in its place.</returns>
    public static async Task<string> WriteAsync(
        EvaluationReport report, MaskDecoder? decoder = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(report);
        AnswerPictures pictures = await AnswerPictures.LoadAsync(report, decoder, cancellationToken).ConfigureAwait(false);
        return HtmlPage.Write(Title(report), html => Body(html, report, new AnswerCard(html, report, pictures)));
    }

    private static void Body(HtmlWriter html, EvaluationReport report, AnswerCard card)
    {
        html.Element("p", () =>
        {
            html.Element("b", Short(report.Run.Name), ("class", "run0"));
            if (report.Against is null) return;
            html.Text(" against ");
            html.Element("b", Short(report.Against.Name), ("class", "run1"));
        });
        html.Element("p", Facts(report), ("class", "soft"));
        foreach (string difference in report.Differences) html.Element("p", difference, ("class", "soft"));
        html.Element("h2", "Scores");
        html.Element("div", () => ScoreRows.Write(html, report), ("class", "scroll"));
        html.Element("p", Explanation(report), ("class", "soft"));
        if (report.Ordering is not { } ordering) return;
        html.Element("h2", $"{ordering} by the length of the answer");
        LengthPlot.Write(html, ordering, report.Against is { } against
            ? [(report.Run.Name, report.Lengths), (against.Name, report.OtherLengths)]
            : [(report.Run.Name, report.Lengths)]);
        Examples(html, $"Lost most, in {ordering}", report.Losses, card);
        Examples(html, $"Gained most, in {ordering}", report.Gains, card);
        Examples(html, $"Worst, in {ordering}", report.Worst, card);
        Examples(html, $"Best, in {ordering}", report.Best, card);
    }

    private static void Examples(HtmlWriter html, string title, IReadOnlyList<ReportedAnswer> answers, AnswerCard card)
    {
        if (answers.Count == 0) return;
        html.Element("h2", title);
        html.Element("div", () =>
        {
            foreach (ReportedAnswer answer in answers) card.Write(answer);
        }, ("class", "cards"));
    }

    private static string Title(EvaluationReport report) => $"{Short(report.Task)}: {Short(report.Run.Name)}";

    private static string Facts(EvaluationReport report)
    {
        string facts = $"{Short(report.Dataset)}: {Numbers.Count(report.Answers)} answers of {Numbers.Length(report.Run.Tokens)} tokens"
            + (report.Against is { } against ? $", and of {Numbers.Length(against.Tokens)}" : "");
        int failures = report.Run.Failures + (report.Against?.Failures ?? 0);
        return failures == 0 ? facts : $"{facts}; {Numbers.Count(failures)} items failed";
    }

    private static string Explanation(EvaluationReport report)
    {
        string text = $"Intervals hold {Numbers.Percent(report.Options.Level)}, by bootstrap over items.";
        return report.Against is null
            ? text
            : $"{text} p is that of approximate randomization on pairs of answers, for each row by itself: differences with p below "
                + $"{Numbers.P(ValueComparison.Threshold)} are coloured.";
    }

    private static string Short(string name) => Text.Short(name, LongestName);
}
