using PaliGguf.Evaluation.Metrics.NGrams;

namespace PaliGguf.Evaluation.Metrics.Captions;

/// <summary>
/// CIDEr as every table prints it, which is the paper's CIDEr-D: the mean cosine of TF-IDF vectors of 1- to 4-grams, clipped, and damped
/// where the lengths differ.
/// </summary>
/// <remarks>
/// Vedantam, Zitnick, Parikh, "CIDEr: Consensus-based Image Description Evaluation", 2015; in the conventions of pycocoevalcap 1.2. For a
/// prediction h and a reference r, with tf(g) the number of times that the n-gram g occurs, df(g) the number of pictures in whose
/// references it occurs, N the number of pictures and w(g) = tf(g) (ln N - ln max(1, df(g))): s_n = exp(-d^2 / 72) sum_g min(w_h(g),
/// w_r(g)) w_r(g) / (|w_h| |w_r|), d the difference of the numbers of bigrams. The score is ten times the mean over n = 1..4, over the
/// references, and over the pictures. With one picture all weights, and the score, are 0; with few of them the scale is another than with
/// many.
/// </remarks>
public static class Cider
{
    private const int Orders = 4;
    private const double Sigma = 6;
    private const double Scale = 10;

    /// <summary>Scores captions.</summary>
    /// <inheritdoc cref="CaptionCorpus.Create" path="/param|/exception"/>
    public static CaptionScore Score(IReadOnlyList<string> predictions, IReadOnlyList<IReadOnlyList<string>> references,
        CancellationToken cancellationToken = default) =>
        Score(CaptionCorpus.Create(predictions, references, cancellationToken), cancellationToken);

    /// <summary>Scores captions that are tokenized.</summary>
    /// <param name="corpus">All captions: the weights depend on all references.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <returns>0 to 10; the model cards print a hundred times as much.</returns>
    public static CaptionScore Score(CaptionCorpus corpus, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        IReadOnlyList<TokenSegment> segments = corpus.Words.Segments;
        CiderWeights weights = new(segments, Orders, cancellationToken);
        return CaptionScore.Of(InParallel.Select(segments.Count, i => Score(segments[i], weights), cancellationToken));
    }

    private static double Score(TokenSegment segment, CiderWeights weights)
    {
        double sum = 0;
        for (int order = 1; order <= Orders; order++)
        {
            CiderVector prediction = weights.Vector(segment.Prediction, order);
            foreach (int[] reference in segment.References)
            {
                double difference = Math.Max(0, segment.Prediction.Length - 1) - Math.Max(0, reference.Length - 1);
                sum += prediction.Similarity(weights.Vector(reference, order)) * Math.Exp(-(difference * difference) / (2 * Sigma * Sigma));
            }
        }

        return Scale * sum / Orders / segment.References.Length;
    }
}
