using System.Numerics;
using System.Runtime.InteropServices;

namespace PaliGguf.Evaluation.Metrics.NGrams;

/// <summary>The longest common subsequence of two sentences.</summary>
/// <remarks>
/// Hyyrö, "Bit-Parallel LCS-length Computation Revisited", 2004: a column of the table of lengths is one long number whose zero bits are
/// the rows at which the length grows. For each word of the other sentence, with m the bits of its places in the first: v = (v + (v and m))
/// or (v and not m). Memory is linear in the lengths.
/// </remarks>
internal static class CommonSubsequence
{
    private const int Bits = 64;

    /// <summary>How many words the longest common subsequence has.</summary>
    public static int Length(ReadOnlySpan<int> one, ReadOnlySpan<int> other)
    {
        if (one.IsEmpty || other.IsEmpty) return 0;
        return one.Length <= Bits ? LengthOfShort(one, other) : LengthOfLong(one, other);
    }

    private static int LengthOfShort(ReadOnlySpan<int> one, ReadOnlySpan<int> other)
    {
        ulong rows = ulong.MaxValue;
        foreach (int word in other)
        {
            ulong places = 0;
            for (int i = 0; i < one.Length; i++) places |= one[i] == word ? 1UL << i : 0;
            rows = (rows + (rows & places)) | (rows & ~places);
        }

        return BitOperations.PopCount(~rows & (ulong.MaxValue >> (Bits - one.Length)));
    }

    private static int LengthOfLong(ReadOnlySpan<int> one, ReadOnlySpan<int> other)
    {
        Dictionary<int, List<(int Limb, ulong Places)>> places = Places(one);
        ulong[] rows = new ulong[(one.Length + Bits - 1) / Bits];
        Array.Fill(rows, ulong.MaxValue);
        foreach (int word in other)
        {
            if (places.TryGetValue(word, out List<(int Limb, ulong Places)>? limbs)) Advance(rows, CollectionsMarshal.AsSpan(limbs));
        }

        int zeros = 0;
        for (int i = 0; i < one.Length; i++) zeros += (int)(~(rows[i / Bits] >> (i % Bits)) & 1);
        return zeros;
    }

    // Limbs without a place of the word change only where a carry reaches them.
    private static void Advance(ulong[] rows, ReadOnlySpan<(int Limb, ulong Places)> limbs)
    {
        ulong carry = 0;
        int next = 0;
        for (int i = limbs[0].Limb; i < rows.Length; i++)
        {
            if (carry == 0)
            {
                if (next == limbs.Length) return;
                i = limbs[next].Limb;
            }

            ulong places = next < limbs.Length && limbs[next].Limb == i ? limbs[next++].Places : 0;
            UInt128 sum = (UInt128)rows[i] + (rows[i] & places) + carry;
            carry = (ulong)(sum >> Bits);
            rows[i] = (ulong)sum | (rows[i] & ~places);
        }
    }

    private static Dictionary<int, List<(int Limb, ulong Places)>> Places(ReadOnlySpan<int> words)
    {
        Dictionary<int, List<(int Limb, ulong Places)>> places = [];
        for (int i = 0; i < words.Length; i++)
        {
            ref List<(int Limb, ulong Places)>? limbs = ref CollectionsMarshal.GetValueRefOrAddDefault(places, words[i], out _);
            limbs ??= [];
            if (limbs.Count == 0 || limbs[^1].Limb != i / Bits) limbs.Add((i / Bits, 0));
            limbs[^1] = (i / Bits, limbs[^1].Places | (1UL << (i % Bits)));
        }

        return places;
    }
}
