using PaliGguf.Evaluation.Metrics.Bleu;

namespace PaliGguf.Evaluation.Metrics.Captions;

/// <summary>BLEU-1 to BLEU-4 of COCO's captions.</summary>
/// <remarks>
/// Papineni and others, "BLEU: a Method for Automatic Evaluation of Machine Translation", 2002; in the conventions of pycocoevalcap 1.2:
/// each precision is (matches + 1e-15) / (n-grams + 1e-9), so that an exact match is 0.9999999996 and no match is not quite 0; the
/// reference length is the closest, the shorter of two.
/// </remarks>
public static class CocoBleu
{
    private const int Orders = 4;
    private const double Small = 1e-9;
    private const double Tiny = 1e-15;

    /// <summary>Scores captions.</summary>
    /// <inheritdoc cref="CaptionCorpus.Create" path="/param|/exception"/>
    public static CocoBleuScore Score(IReadOnlyList<string> predictions, IReadOnlyList<IReadOnlyList<string>> references,
        CancellationToken cancellationToken = default) =>
        Score(CaptionCorpus.Create(predictions, references, cancellationToken), cancellationToken);

    /// <summary>Scores captions that are tokenized.</summary>
    /// <param name="corpus">The captions.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    public static CocoBleuScore Score(CaptionCorpus corpus, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        BleuStatistics[] all = BleuStatistics.Of(corpus.Words, Orders, ReferenceLength.Closest, cancellationToken);
        return new CocoBleuScore(Scores(BleuStatistics.Sum(all)), [.. all.Select(Scores)]);
    }

    /// <summary>BLEU-1 to BLEU-4, for resamples.</summary>
    internal static BleuSample Sample(CaptionCorpus corpus, CancellationToken cancellationToken) =>
        new(BleuStatistics.Of(corpus.Words, Orders, ReferenceLength.Closest, cancellationToken), Scores);

    private static double[] Scores(BleuStatistics statistics)
    {
        double ratio = (statistics.Length + Tiny) / (statistics.ReferenceLength + Small);
        double brevity = ratio < 1 ? Math.Exp(1 - (1 / ratio)) : 1;
        double[] scores = new double[Orders];
        double product = 1;
        for (int order = 0; order < Orders; order++)
        {
            product *= (statistics.Matches[order] + Tiny) / (statistics.Totals[order] + Small);
            scores[order] = Math.Pow(product, 1.0 / (order + 1)) * brevity;
        }

        return scores;
    }
}

/// <summary>BLEU of captions.</summary>
/// <param name="Scores">BLEU-1 to BLEU-4 of the corpus, 0 to 1.</param>
/// <param name="PerPicture">The same of each picture, in the order given.</param>
public sealed record CocoBleuScore(IReadOnlyList<double> Scores, IReadOnlyList<IReadOnlyList<double>> PerPicture);
