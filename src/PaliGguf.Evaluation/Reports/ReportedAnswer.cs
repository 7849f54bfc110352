using PaliGguf.Evaluation.Datasets;
using PaliGguf.Evaluation.Journals;

namespace PaliGguf.Evaluation.Reports;

/// <summary>An answer that a report shows.</summary>
/// <param name="Item">What was asked and expected.</param>
/// <param name="Entry">The answer.</param>
/// <param name="Score">What it scores.</param>
public sealed record ReportedAnswer(EvaluationItem Item, JournalEntry Entry, double Score)
{
    /// <summary>The other run's answer; null without one.</summary>
    public JournalEntry? Other { get; init; }

    /// <summary>What that scores.</summary>
    public double? OtherScore { get; init; }
}
