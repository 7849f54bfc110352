using System.Numerics;

namespace PaliGguf.Batch.Journals;

/// <summary>
/// Keys of millions of ids: 10 to 20 bytes each. It is cut into parts that grow one after the other, so that growing never needs the double.
/// </summary>
internal sealed class KeySet
{
    private const int Parts = 256;
    private const int FirstLength = 16;

    private readonly ulong[][] _parts = [.. Enumerable.Range(0, Parts).Select(_ => new ulong[FirstLength])];
    private readonly int[] _counts = new int[Parts];
    private bool _hasZero;

    /// <summary>Adds a key.</summary>
    /// <returns>False if it is there already.</returns>
    public bool Add(ItemKey key)
    {
        // An empty place is a zero.
        if (key.Value == 0) return !_hasZero && (_hasZero = true);
        int part = (int)(key.Value >> 56);
        ref ulong[] places = ref _parts[part];
        if (!Place(places, key.Value)) return false;
        if (++_counts[part] > places.Length / 5 * 4) Grow(ref places);
        return true;
    }

    private static void Grow(ref ulong[] places)
    {
        ulong[] larger = new ulong[BitOperations.RoundUpToPowerOf2((uint)places.Length + 1)];
        foreach (ulong value in places) if (value != 0) Place(larger, value);
        places = larger;
    }

    private static bool Place(ulong[] places, ulong value)
    {
        int mask = places.Length - 1;
        int at = (int)(value & (uint)mask);
        for (; places[at] != 0; at = (at + 1) & mask) if (places[at] == value) return false;
        places[at] = value;
        return true;
    }
}
