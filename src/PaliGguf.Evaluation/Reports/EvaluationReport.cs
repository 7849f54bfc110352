namespace PaliGguf.Evaluation.Reports;

/// <summary>What the answers of a run are worth, how sure that is, and how another run over the same items compares.</summary>
/// <param name="Task">The task.</param>
/// <param name="Dataset">The data set, as it was named.</param>
/// <param name="Answers">How many items are scored: those that all reported runs have answered.</param>
/// <param name="Run">The run.</param>
/// <param name="Against">The run that it is compared with; null without one.</param>
/// <param name="Values">The values of the metrics, in their order.</param>
public sealed record EvaluationReport(
    string Task, string Dataset, int Answers, ReportedRun Run, ReportedRun? Against, IReadOnlyList<ReportedValue> Values)
{
    /// <summary>How it was made.</summary>
    public required ReportOptions Options { get; init; }

    /// <summary>In what the two runs differ by their journals: a line each.</summary>
    public IReadOnlyList<string> Differences { get; init; } = [];

    /// <summary>The value by which single answers are ordered: the first that is a mean; null where none is.</summary>
    public string? Ordering { get; init; }

    /// <summary>The scores of single answers by their length in tokens.</summary>
    public IReadOnlyList<LengthGroup> Lengths { get; init; } = [];

    /// <summary>The same of the other run, in the same groups.</summary>
    public IReadOnlyList<LengthGroup> OtherLengths { get; init; } = [];

    /// <summary>The answers that score least, the worst first.</summary>
    public IReadOnlyList<ReportedAnswer> Worst { get; init; } = [];

    /// <summary>The answers that score most, the best first.</summary>
    public IReadOnlyList<ReportedAnswer> Best { get; init; } = [];

    /// <summary>The answers that score less than the other run's, the greatest loss first.</summary>
    public IReadOnlyList<ReportedAnswer> Losses { get; init; } = [];

    /// <summary>The answers that score more than the other run's, the greatest gain first.</summary>
    public IReadOnlyList<ReportedAnswer> Gains { get; init; } = [];
}
