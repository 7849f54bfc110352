using PaliGguf.Evaluation.Statistics;

namespace PaliGguf.Evaluation.Reports;

/// <summary>A value of a metric, and how sure it is.</summary>
/// <param name="Metric">The metric's name on the command line.</param>
/// <param name="Name">What the value is called in tables.</param>
/// <param name="Value">The value.</param>
/// <param name="Interval">Where it would lie with other items of the same kind; null where that has no meaning.</param>
public sealed record ReportedValue(string Metric, string Name, double Value, Interval? Interval)
{
    /// <summary>What another run gave; null without one.</summary>
    public ValueComparison? Against { get; init; }
}

/// <summary>A value beside that of another run over the same items.</summary>
/// <param name="Value">The other run's value.</param>
/// <param name="Interval">Its interval.</param>
/// <param name="Difference">The run's value minus the other's.</param>
/// <param name="DifferenceInterval">The interval of the difference, of pairs of answers.</param>
/// <param name="P">
/// How probable a difference as large, or larger, is between runs that are equally good, by approximate randomization; NaN where the
/// difference is no number.
/// </param>
public sealed record ValueComparison(double Value, Interval? Interval, double Difference, Interval? DifferenceInterval, double P)
{
    /// <summary>The p below which a difference is called significant.</summary>
    public const double Threshold = 0.05;

    /// <summary>Whether chance alone hardly makes such a difference.</summary>
    public bool IsSignificant => P < Threshold;
}
