using System.Numerics;

namespace PaliGguf.Language;

/// <summary>Hundreds of thousands of short texts by number, and their numbers by text: in a few arrays, because so many objects take longer to make than to search.</summary>
internal sealed class TextIndex
{
    /// <summary>The number of no text.</summary>
    public const int None = -1;

    private readonly byte[] _bytes;
    private readonly int[] _starts;
    private readonly int[] _buckets;
    private readonly int[] _next;
    private readonly int _longest;
    // Not the same in every process, so that no file can be made whose texts all lie in one bucket.
    private readonly ulong _seed = (ulong)Random.Shared.NextInt64();

    /// <param name="bytes">The texts, one after the other.</param>
    /// <param name="starts">Where each begins, and where the last one ends.</param>
    public TextIndex(byte[] bytes, int[] starts)
    {
        _bytes = bytes;
        _starts = starts;
        _next = new int[Count];
        _buckets = new int[(int)BitOperations.RoundUpToPowerOf2((uint)Count + 1)];
        Array.Fill(_buckets, None);
        for (int number = 0; number < Count; number++)
        {
            ReadOnlySpan<byte> text = this[number];
            _longest = Math.Max(_longest, text.Length);
            // An empty text is none that could be found.
            if (text.IsEmpty) continue;
            ref int bucket = ref Bucket(Hash(text));
            _next[number] = bucket;
            bucket = number;
        }
    }

    public int Count => _starts.Length - 1;

    public ReadOnlySpan<byte> this[int number] => _bytes.AsSpan(_starts[number], _starts[number + 1] - _starts[number]);

    /// <summary>The number of a text, the last one if several have it, or <see cref="None"/>.</summary>
    public int Find(ReadOnlySpan<byte> text) => text.IsEmpty || text.Length > _longest ? None : Find(Bucket(Hash(text)), text);

    /// <summary>The first text that repeats one before it.</summary>
    /// <returns>Its number and the other's; null if all differ.</returns>
    public (int Number, int Of)? FindRepeat()
    {
        for (int number = 0; number < Count; number++)
        {
            // A chain goes from the last to the first.
            int earlier = this[number].IsEmpty ? None : Find(_next[number], this[number]);
            if (earlier != None) return (number, earlier);
        }

        return null;
    }

    /// <summary>The numbers of all texts that a text can begin with.</summary>
    public IReadOnlyList<int> FindPrefixes(ReadOnlySpan<byte> text)
    {
        List<int> found = [];
        ulong hash = _seed;
        for (int length = 1; length <= Math.Min(text.Length, _longest); length++)
        {
            hash = Hash(hash, text[length - 1]);
            for (int number = Find(Bucket(hash), text[..length]); number != None; number = Find(_next[number], text[..length])) found.Add(number);
        }

        return found;
    }

    private int Find(int number, ReadOnlySpan<byte> text)
    {
        while (number != None && !this[number].SequenceEqual(text)) number = _next[number];
        return number;
    }

    private ref int Bucket(ulong hash) => ref _buckets[(int)(hash ^ (hash >> 32)) & (_buckets.Length - 1)];

    // As FNV-1a, because the hash of a text follows from that of the text without its last byte.
    private static ulong Hash(ulong hash, byte value) => unchecked((hash ^ value) * 1099511628211);

    private ulong Hash(ReadOnlySpan<byte> text)
    {
        ulong hash = _seed;
        foreach (byte value in text) hash = Hash(hash, value);
        return hash;
    }
}
