using PaliGguf.Evaluation.Metrics.NGrams;

namespace PaliGguf.Evaluation.Metrics.Bleu;

/// <summary>What BLEU needs to know of a prediction, or of a corpus: the sums over its predictions.</summary>
/// <param name="Length">The words of the prediction.</param>
/// <param name="ReferenceLength">The words of a reference.</param>
/// <param name="Matches">For n-grams of 1, 2, ... words: how many match.</param>
/// <param name="Totals">For n-grams of 1, 2, ... words: how many there are.</param>
internal sealed record BleuStatistics(long Length, long ReferenceLength, long[] Matches, long[] Totals)
{
    /// <summary>Those of every prediction.</summary>
    /// <param name="corpus">The predictions.</param>
    /// <param name="orders">The longest n-grams.</param>
    /// <param name="referenceLength">Which reference's length counts.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    public static BleuStatistics[] Of(
        TokenCorpus corpus, int orders, Func<TokenSegment, int> referenceLength, CancellationToken cancellationToken) =>
        InParallel.Select(corpus.Segments.Count, i => Of(corpus.Segments[i], orders, referenceLength), cancellationToken);

    /// <summary>Those of a corpus.</summary>
    public static BleuStatistics Sum(BleuStatistics[] all)
    {
        long[] matches = new long[all[0].Matches.Length];
        long[] totals = new long[matches.Length];
        foreach (BleuStatistics each in all)
        {
            for (int i = 0; i < matches.Length; i++)
            {
                matches[i] += each.Matches[i];
                totals[i] += each.Totals[i];
            }
        }

        return new BleuStatistics(all.Sum(each => each.Length), all.Sum(each => each.ReferenceLength), matches, totals);
    }

    private static BleuStatistics Of(TokenSegment segment, int orders, Func<TokenSegment, int> referenceLength)
    {
        long[] matches = new long[orders];
        long[] totals = new long[orders];
        NGramIndex index = new();
        for (int order = 1; order <= Math.Min(orders, segment.Prediction.Length); order++)
        {
            NGramCounts counts = NGramCounts.Of(index.Number(segment.Prediction, order));
            // Each n-gram matches at most as often as the reference that has it most often.
            int[] most = new int[counts.Numbers.Length];
            foreach (int[] reference in segment.References) counts.RaiseTo(NGramCounts.Of(index.Number(reference, order)), most);
            totals[order - 1] = counts.Total;
            for (int i = 0; i < most.Length; i++) matches[order - 1] += Math.Min(counts.Counts[i], most[i]);
        }

        return new BleuStatistics(segment.Prediction.Length, referenceLength(segment), matches, totals);
    }
}
