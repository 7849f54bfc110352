namespace PaliGguf.Evaluation.Reports.Pages;

/// <summary>The table of scores as texts: a row a value, in the form of the model cards.</summary>
public static class ReportTable
{
    /// <summary>The heads of the columns.</summary>
    public static string[] Head(EvaluationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        string interval = Numbers.Percent(report.Options.Level);
        return report.Against is { } against
            ? ["metric", report.Run.Name, interval, against.Name, interval, "difference", interval, "p"]
            : ["metric", report.Run.Name, interval];
    }

    /// <summary>The cells of a row.</summary>
    public static string[] Row(EvaluationReport report, ReportedValue value)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(value);
        string[] own = [value.Name, Numbers.Value(value.Value), Numbers.Interval(value.Interval)];
        if (report.Against is null) return own;
        return value.Against is { } other
            ?
            [
                .. own, Numbers.Value(other.Value), Numbers.Interval(other.Interval), Numbers.Difference(other.Difference),
                Numbers.Interval(other.DifferenceInterval), Numbers.P(other.P),
            ]
            : [.. own, "", "", "", "", ""];
    }
}
