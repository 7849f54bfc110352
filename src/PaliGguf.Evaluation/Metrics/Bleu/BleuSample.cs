namespace PaliGguf.Evaluation.Metrics.Bleu;

/// <summary>What a kind of BLEU knows of every prediction, and how it makes its numbers of the sums over any of them.</summary>
internal sealed record BleuSample(BleuStatistics[] Each, Func<BleuStatistics, IReadOnlyList<double>> Score);
