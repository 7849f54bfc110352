using PaliGguf.Evaluation.Scoring;

namespace PaliGguf.Cli.Evaluations;

/// <summary>Scores as --json prints them.</summary>
internal sealed record ScoresJson(string? Task, int Answers, IReadOnlyList<MetricJson> Metrics)
{
    /// <summary>How many items have no answer; null where that is not known.</summary>
    public int? Failures { get; init; }
}

/// <summary>One metric.</summary>
internal sealed record MetricJson(string Metric, IReadOnlyList<MetricValue> Values);
