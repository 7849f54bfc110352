using PaliGguf.Evaluation.Metrics.Meteor;
using PaliGguf.Evaluation.Metrics.Tokenization;

namespace PaliGguf.Evaluation.Scoring;

/// <summary>A value of a metric.</summary>
/// <param name="Name">What it is called in tables: "BLEU-4".</param>
/// <param name="Value">The value, on the scale of the original.</param>
public sealed record MetricValue(string Name, double Value);

/// <summary>What metrics need besides answers.</summary>
public sealed record MetricOptions
{
    /// <summary>Splits texts into words where the metric leaves that open: for Thai; null for the original's way.</summary>
    public ITokenizer? Words { get; init; }

    /// <summary>Synonyms for METEOR; null for none.</summary>
    public WordNet? WordNet { get; init; }
}
