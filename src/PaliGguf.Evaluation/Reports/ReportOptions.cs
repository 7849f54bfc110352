namespace PaliGguf.Evaluation.Reports;

/// <summary>How a report is made.</summary>
public sealed record ReportOptions
{
    /// <summary>The number of resamples, and of rounds of a test; 0 for no intervals. The smallest p is 1 over one more.</summary>
    public int Resamples { get; init; } = 1000;

    /// <summary>Other seeds draw other resamples; the same seed gives the same report.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How often an interval holds the score that all possible answers would have, between 0 and 1.</summary>
    public double Level { get; init; } = 0.95;

    /// <summary>How many answers are shown as examples of each kind, 0 to 200.</summary>
    public int Examples { get; init; } = 20;
}
