using System.Numerics;

namespace PaliGguf.Language;

/// <summary>
/// Tokens with their weights as single numbers, of which the lowest is the token with the highest weight, and of equal weights the lowest token. What is looked for among
/// them is found by partitioning, in a time proportional to their number: they are never sorted.
/// </summary>
internal static class RankedWeights
{
    // So few are sorted instead.
    private const int ShortLength = 24;

    /// <summary>How many weights are no less than a threshold, and their sum in single precision.</summary>
    public static (int Count, double Mass) Above(ReadOnlySpan<float> weights, float threshold)
    {
        Vector<float> least = new(threshold);
        int count = 0;
        double mass = 0;
        int index = 0;
        while (index <= weights.Length - Vector<float>.Count)
        {
            Vector<int> counts = Vector<int>.Zero;
            Vector<float> sums = Vector<float>.Zero;
            for (int end = Math.Min(index + 1024, weights.Length - Vector<float>.Count + 1); index < end; index += Vector<float>.Count)
            {
                Vector<float> part = new(weights[index..]);
                Vector<int> above = Vector.GreaterThanOrEqual(part, least);
                counts -= above;
                sums += Vector.ConditionalSelect(above, part, Vector<float>.Zero);
            }

            count += Vector.Sum(counts);
            mass += Vector.Sum(sums);
        }

        for (; index < weights.Length; index++)
        {
            if (weights[index] < threshold) continue;
            count++;
            mass += weights[index];
        }

        return (count, mass);
    }

    /// <summary>Ranks the tokens whose weights are no less than a threshold.</summary>
    /// <param name="weights">One for each token, none of them negative.</param>
    /// <param name="threshold">More than 0.</param>
    /// <param name="room">As long as <paramref name="weights"/>.</param>
    /// <returns>The part of <paramref name="room"/> that is used.</returns>
    public static Span<ulong> Collect(ReadOnlySpan<float> weights, float threshold, Span<ulong> room)
    {
        Vector<float> least = new(threshold);
        int count = 0;
        for (int index = 0; index < weights.Length; index += Vector<float>.Count)
        {
            int end = Math.Min(index + Vector<float>.Count, weights.Length);
            if (end - index == Vector<float>.Count && !Vector.GreaterThanOrEqualAny(new Vector<float>(weights[index..]), least)) continue;
            for (int token = index; token < end; token++)
            {
                if (weights[token] >= threshold) room[count++] = Rank(token, weights[token]);
            }
        }

        return room[..count];
    }

    /// <summary>The token of a rank.</summary>
    public static int Token(ulong rank) => (int)(uint)rank;

    /// <summary>The sum of the weights.</summary>
    public static double Total(ReadOnlySpan<ulong> ranks)
    {
        double total = 0;
        foreach (ulong rank in ranks) total += Weight(rank);
        return total;
    }

    /// <summary>Those with the highest weights, in any order.</summary>
    /// <param name="ranks">Is reordered.</param>
    /// <param name="count">How many, at least 1 and at most all.</param>
    public static Span<ulong> Highest(Span<ulong> ranks, int count)
    {
        Span<ulong> open = ranks;
        int missing = count;
        while (open.Length > ShortLength)
        {
            int middle = Partition(open, out _);
            if (missing <= middle)
            {
                open = open[..middle];
                continue;
            }

            open = open[middle..];
            missing -= middle;
        }

        open.Sort();
        return ranks[..count];
    }

    /// <summary>The fewest with the highest weights, at least one, that together weigh no less than some mass; all, where they do not. The last one has the lowest weight.</summary>
    /// <param name="ranks">At least one; is reordered.</param>
    /// <param name="mass">The mass.</param>
    public static Span<ulong> Reaching(Span<ulong> ranks, double mass)
    {
        int from = 0;
        int to = ranks.Length;
        while (to - from > ShortLength)
        {
            int middle = from + Partition(ranks[from..to], out double before);
            if (before >= mass) to = middle;
            else (from, mass) = (middle, mass - before);
        }

        ranks[from..to].Sort();
        while (from < to - 1 && (mass -= Weight(ranks[from])) > 0) from++;
        return ranks[..(from + 1)];
    }

    /// <summary>Those whose weight is no less than some, in any order.</summary>
    public static Span<ulong> AtLeast(Span<ulong> ranks, float weight)
    {
        int kept = 0;
        foreach (ulong rank in ranks)
        {
            if (Weight(rank) >= weight) ranks[kept++] = rank;
        }

        return ranks[..kept];
    }

    // The bits of floats that are not negative have the order of the floats.
    private static ulong Rank(int token, float weight) => ((ulong)~BitConverter.SingleToUInt32Bits(weight) << 32) | (uint)token;

    private static float Weight(ulong rank) => BitConverter.UInt32BitsToSingle(~(uint)(rank >> 32));

    /// <summary>Moves those that rank lower than one of them to the front; both parts get at least one.</summary>
    /// <returns>How many are in front.</returns>
    private static int Partition(Span<ulong> ranks, out double mass)
    {
        // The median of three is neither the lowest nor, as all differ, the highest.
        ulong a = ranks[0], b = ranks[ranks.Length / 2], c = ranks[^1];
        ulong pivot = Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
        int lower = 0;
        mass = 0;
        for (int index = 0; index < ranks.Length; index++)
        {
            ulong rank = ranks[index];
            if (rank >= pivot) continue;
            ranks[index] = ranks[lower];
            ranks[lower++] = rank;
            mass += Weight(rank);
        }

        return lower;
    }
}
