using System.Numerics.Tensors;

namespace PaliGguf.Language;

/// <summary>Chooses tokens for one request.</summary>
/// <param name="options">How to choose.</param>
/// <param name="allowedTokens">Only ids below this are ever chosen.</param>
internal sealed class Sampler(SamplingOptions options, int allowedTokens)
{
    private readonly Random _random = options.Seed is { } seed ? new Random(seed) : new Random();
    private float[] _weights = [];

    /// <summary>Chooses the next token.</summary>
    /// <param name="distribution">What the model says of it.</param>
    /// <returns>The id, and the natural logarithm of the probability that the model itself (temperature 1, nothing filtered) gives it.</returns>
    public (int Token, float LogProbability) Next(TokenDistribution distribution)
    {
        int token = Choose(distribution.Logits[..Math.Min(allowedTokens, distribution.Logits.Length)]);
        return (token, distribution.LogProbability(token));
    }

    /// <summary>Chooses the next token among some; when greedy, the first of equally probable ones.</summary>
    /// <param name="distribution">What the model says of it.</param>
    /// <param name="candidates">The ids to choose among, at least one.</param>
    /// <inheritdoc cref="Next(TokenDistribution)" path="/returns"/>
    public (int Token, float LogProbability) Next(TokenDistribution distribution, ReadOnlySpan<int> candidates)
    {
        float[] logits = new float[candidates.Length];
        for (int index = 0; index < candidates.Length; index++) logits[index] = distribution.Logits[candidates[index]];
        int token = candidates[Choose(logits)];
        return (token, distribution.LogProbability(token));
    }

    private int Choose(ReadOnlySpan<float> logits) => options.Temperature == 0 ? TensorPrimitives.IndexOfMax(logits) : Draw(logits);

    private int Draw(ReadOnlySpan<float> logits)
    {
        // Kept from token to token: with PaliGemma's vocabulary it is 1 MB.
        if (_weights.Length != logits.Length) _weights = new float[logits.Length];
        float[] weights = _weights;
        float highest = TensorPrimitives.Max(logits);
        TensorPrimitives.Subtract(logits, highest, weights);
        TensorPrimitives.Divide(weights, options.Temperature, weights);
        TensorPrimitives.Exp(weights, weights);

        if (options.TopK == 0 && options.TopP >= 1) return Pick(weights, Enumerable.Range(0, weights.Length), Total(weights), options.MinP);

        int[] candidates = MostProbable(weights, out int kept);
        return Pick(weights, candidates.Take(kept), candidates.Take(kept).Sum(token => (double)weights[token]), options.MinP);
    }

    /// <summary>The candidates that top-k and then top-p leave, most probable first.</summary>
    private int[] MostProbable(float[] weights, out int kept)
    {
        int k = options.TopK == 0 ? weights.Length : Math.Min(options.TopK, weights.Length);
        double total = Total(weights);

        // Sorting a vocabulary of 257,216 is slow, so only the tokens above a threshold are sorted, lowered until they suffice.
        for (float threshold = 1e-3f; ; threshold = threshold > 1e-30f ? threshold * 1e-3f : 0)
        {
            int[] candidates = Enumerable.Range(0, weights.Length).Where(token => weights[token] >= threshold).ToArray();
            Array.Sort(candidates, (a, b) => weights[b] != weights[a] ? weights[b].CompareTo(weights[a]) : a.CompareTo(b));
            if (candidates.Length < k && threshold > 0 && (options.TopK > 0 || candidates.Sum(token => (double)weights[token]) < options.TopP * total)) continue;

            int count = Math.Min(k, candidates.Length);
            double mass = options.TopK == 0 ? total : candidates.Take(count).Sum(token => (double)weights[token]);
            double reached = 0;
            kept = 0;
            while (kept < count && (kept == 0 || reached < options.TopP * mass)) reached += weights[candidates[kept++]];
            return candidates;
        }
    }

    private int Pick(float[] weights, IEnumerable<int> candidates, double total, float minP)
    {
        if (minP > 0)
        {
            // The highest weight is 1, so the fraction is the weight itself.
            candidates = candidates.Where(token => weights[token] >= minP).ToArray();
            total = candidates.Sum(token => (double)weights[token]);
        }

        double point = _random.NextDouble() * total;
        int last = -1;
        foreach (int token in candidates)
        {
            if (weights[token] == 0) continue;
            last = token;
            point -= weights[token];
            if (point < 0) break;
        }

        return last;
    }

    private static double Total(float[] weights)
    {
        double total = 0;
        foreach (float weight in weights) total += weight;
        return total;
    }
}
