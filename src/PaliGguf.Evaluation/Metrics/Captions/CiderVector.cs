namespace PaliGguf.Evaluation.Metrics.Captions;

/// <summary>A sentence as a vector: the numbers of its n-grams in rising order, and their weights.</summary>
internal readonly ref struct CiderVector(ReadOnlySpan<int> ngrams, ReadOnlySpan<double> weights, double norm)
{
    private readonly ReadOnlySpan<int> _ngrams = ngrams;
    private readonly ReadOnlySpan<double> _weights = weights;
    private readonly double _norm = norm;

    /// <summary>The cosine with a reference, this vector clipped to it.</summary>
    public double Similarity(CiderVector reference)
    {
        double product = 0;
        int other = 0;
        for (int i = 0; i < _ngrams.Length; i++)
        {
            while (other < reference._ngrams.Length && reference._ngrams[other] < _ngrams[i]) other++;
            if (other == reference._ngrams.Length) break;
            double weight = reference._weights[other];
            if (reference._ngrams[other] == _ngrams[i]) product += Math.Min(_weights[i], weight) * weight;
        }

        return _norm > 0 && reference._norm > 0 ? product / (_norm * reference._norm) : product;
    }
}
