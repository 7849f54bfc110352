using System.Numerics;
using System.Numerics.Tensors;

namespace PaliGguf.Language;

/// <summary>Chooses tokens for one request. Its memory is kept from token to token: with PaliGemma's vocabulary, drawing takes megabytes.</summary>
/// <param name="options">How to choose.</param>
/// <param name="allowedTokens">Only ids below this are ever chosen.</param>
internal sealed class Sampler(SamplingOptions options, int allowedTokens)
{
    // So many weights are summed at once, in single precision.
    private const int BlockLength = 1024;

    private readonly Random _random = options.Seed is { } seed ? new Random(seed) : new Random();
    private float[] _logits = [];
    private float[] _weights = [];
    private double[] _blockTotals = [];
    private ulong[] _ranks = [];

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
        Span<float> logits = Room(ref _logits, candidates.Length);
        for (int index = 0; index < candidates.Length; index++) logits[index] = distribution.Logits[candidates[index]];
        int token = candidates[Choose(logits)];
        return (token, distribution.LogProbability(token));
    }

    private int Choose(ReadOnlySpan<float> logits) => options.Temperature == 0 ? logits.IndexOf(Logits.Highest(logits)) : Draw(logits);

    private int Draw(ReadOnlySpan<float> logits)
    {
        Span<float> weights = Room(ref _weights, logits.Length);
        bool ranked = options.TopK > 0 || options.TopP < 1;
        double total = Weigh(logits, weights, least: ranked ? 0 : options.MinP);
        return ranked ? PickRanked(weights, total) : Pick(weights, total);
    }

    /// <summary>Turns logits into weights, 1 for the highest and 0 for those that would have less than some, and tells their sum.</summary>
    private double Weigh(ReadOnlySpan<float> logits, Span<float> weights, float least)
    {
        Span<double> totals = Room(ref _blockTotals, (logits.Length + BlockLength - 1) / BlockLength);
        float highest = Logits.Highest(logits);
        double total = 0;
        for (int block = 0; block < totals.Length; block++)
        {
            Span<float> part = Block(weights, block);
            TensorPrimitives.Subtract(Block(logits, block), highest, part);
            TensorPrimitives.Divide(part, options.Temperature, part);
            TensorPrimitives.Exp(part, part);
            if (least > 0) ClearBelow(part, least);
            totals[block] = TensorPrimitives.Sum<float>(part);
            total += totals[block];
        }

        return total;
    }

    /// <summary>Draws among all tokens: first the block, then the token in it.</summary>
    private int Pick(ReadOnlySpan<float> weights, double total)
    {
        double point = _random.NextDouble() * total;
        int blocks = (weights.Length + BlockLength - 1) / BlockLength;
        for (int block = 0; block < blocks; block++)
        {
            if (point >= _blockTotals[block])
            {
                point -= _blockTotals[block];
                continue;
            }

            ReadOnlySpan<float> part = Block(weights, block);
            for (int index = 0; index < part.Length; index++)
            {
                point -= part[index];
                if (point < 0) return (block * BlockLength) + index;
            }
        }

        // Rounding can leave the point beyond them all.
        return weights.LastIndexOfAnyExcept(0f);
    }

    /// <summary>Draws among what top-k, then top-p and then min-p leave, the most probable token first.</summary>
    private int PickRanked(ReadOnlySpan<float> weights, double total)
    {
        Span<ulong> ranks = RankedWeights.Collect(weights, Threshold(weights, total), Room(ref _ranks, weights.Length));
        if (options.TopK > 0 && options.TopK < ranks.Length) ranks = RankedWeights.Highest(ranks, options.TopK);
        if (options.TopP < 1) ranks = RankedWeights.Reaching(ranks, options.TopP * (options.TopK > 0 ? RankedWeights.Total(ranks) : total));
        // The highest weight is 1, so that the fraction is the weight itself.
        if (options.MinP > 0) ranks = RankedWeights.AtLeast(ranks, options.MinP);
        double point = _random.NextDouble() * RankedWeights.Total(ranks);
        return RankedWeights.Token(RankedWeights.Reaching(ranks, double.BitIncrement(point))[^1]);
    }

    /// <summary>A weight that no token has less of which top-k and top-p leave, and not much lower than it must be: ranking a whole vocabulary is slow.</summary>
    private float Threshold(ReadOnlySpan<float> weights, double total)
    {
        const float Step = 1e-3f;
        float threshold = Step;
        while (!Suffices(weights, threshold, total))
        {
            if (threshold < 1e-30f) return float.Epsilon;
            threshold *= Step;
        }

        // Between this and one step above.
        float factor = 1 / Step;
        for (int halving = 0; halving < 4; halving++)
        {
            factor = MathF.Sqrt(factor);
            if (Suffices(weights, threshold * factor, total)) threshold *= factor;
        }

        return threshold;
    }

    private bool Suffices(ReadOnlySpan<float> weights, float threshold, double total)
    {
        (int count, double mass) = RankedWeights.Above(weights, threshold);
        // The mass is summed in single precision.
        return options.TopK > 0 ? count >= options.TopK : mass >= options.TopP * total * (1 + 1e-5);
    }

    private static void ClearBelow(Span<float> weights, float least)
    {
        int index = 0;
        for (; index <= weights.Length - Vector<float>.Count; index += Vector<float>.Count)
        {
            Vector<float> part = new(weights[index..]);
            Vector.ConditionalSelect(Vector.GreaterThanOrEqual(part, new Vector<float>(least)), part, Vector<float>.Zero).CopyTo(weights[index..]);
        }

        for (; index < weights.Length; index++)
        {
            if (weights[index] < least) weights[index] = 0;
        }
    }

    private static Span<float> Block(Span<float> values, int block) => values.Slice(block * BlockLength, Math.Min(BlockLength, values.Length - (block * BlockLength)));

    private static ReadOnlySpan<float> Block(ReadOnlySpan<float> values, int block) =>
        values.Slice(block * BlockLength, Math.Min(BlockLength, values.Length - (block * BlockLength)));

    private static Span<T> Room<T>(ref T[] kept, int length)
    {
        if (kept.Length < length) kept = new T[length];
        return kept.AsSpan(0, length);
    }
}
