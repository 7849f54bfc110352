using System.Runtime.InteropServices;
using PaliGguf.Evaluation.Metrics.NGrams;

namespace PaliGguf.Evaluation.Metrics.Captions;

/// <summary>In how many pictures' references each n-gram of a corpus occurs. Safe for use by several threads.</summary>
internal sealed class CiderWeights
{
    private readonly NGramIndex _index = new();
    private readonly List<(int Pictures, int Last)> _occurrences = [];
    private readonly double _logPictures;

    /// <param name="segments">The corpus.</param>
    /// <param name="orders">The longest n-grams.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    public CiderWeights(IReadOnlyList<TokenSegment> segments, int orders, CancellationToken cancellationToken)
    {
        _logPictures = Math.Log(segments.Count);
        for (int picture = 0; picture < segments.Count; picture++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (int order = 1; order <= orders; order++)
            {
                foreach (int[] reference in segments[picture].References) Count(_index.Number(reference, order), picture);
                // So that the index knows all n-grams when threads share it.
                _index.Number(segments[picture].Prediction, order);
            }
        }

        CollectionsMarshal.SetCount(_occurrences, _index.Length);
    }

    /// <summary>The weighted n-grams of one order in a sentence of the corpus.</summary>
    public CiderVector Vector(int[] words, int order)
    {
        NGramCounts counts = NGramCounts.Of(_index.Number(words, order));
        double[] weights = new double[counts.Numbers.Length];
        double squares = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = counts.Counts[i] * (_logPictures - Math.Log(Math.Max(1, _occurrences[counts.Numbers[i]].Pictures)));
            squares += weights[i] * weights[i];
        }

        return new CiderVector(counts.Numbers, weights, Math.Sqrt(squares));
    }

    private void Count(int[] ngrams, int picture)
    {
        if (_occurrences.Count < _index.Length) CollectionsMarshal.SetCount(_occurrences, _index.Length);
        Span<(int Pictures, int Last)> occurrences = CollectionsMarshal.AsSpan(_occurrences);
        foreach (int ngram in ngrams)
        {
            ref (int Pictures, int Last) occurrence = ref occurrences[ngram];
            if (occurrence.Pictures > 0 && occurrence.Last == picture) continue;
            occurrence.Pictures++;
            occurrence.Last = picture;
        }
    }
}
