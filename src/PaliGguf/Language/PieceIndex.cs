namespace PaliGguf.Language;

/// <summary>The tokens of a vocabulary by the bytes that they stand for. Control tokens, which stand for none, are not in it.</summary>
internal sealed class PieceIndex
{
    private const int None = -1;
    private readonly byte[] _bytes;
    private readonly int[] _starts;
    private readonly int[] _buckets;
    private readonly int[] _next;
    private readonly int _longest;

    /// <param name="count">The vocabulary's ids are 0 to <c>count - 1</c>.</param>
    /// <param name="endOfSequence">The token that ends an answer.</param>
    /// <param name="piece">The bytes of a token.</param>
    public PieceIndex(int count, int endOfSequence, Func<int, byte[]> piece)
    {
        EndOfSequence = endOfSequence;
        _starts = new int[count + 1];
        _next = new int[count];
        _buckets = new int[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)count + 1)];
        Array.Fill(_buckets, None);
        using MemoryStream bytes = new(count * 8);
        for (int token = 0; token < count; token++)
        {
            byte[] text = piece(token);
            bytes.Write(text);
            _starts[token + 1] = checked((int)bytes.Length);
            _longest = Math.Max(_longest, text.Length);
            if (text.Length == 0) continue;
            ref int bucket = ref Bucket(Hash(text));
            _next[token] = bucket;
            bucket = token;
        }

        _bytes = bytes.ToArray();
    }

    public int EndOfSequence { get; }

    /// <summary>The bytes that a token stands for.</summary>
    public ReadOnlySpan<byte> this[int token] => _bytes.AsSpan(_starts[token].._starts[token + 1]);

    /// <summary>A token that stands for exactly these bytes, or null.</summary>
    public int? Find(ReadOnlySpan<byte> text)
    {
        for (int token = Bucket(Hash(text)); token != None; token = _next[token])
        {
            if (this[token].SequenceEqual(text)) return token;
        }

        return null;
    }

    /// <summary>All tokens that a text can begin with.</summary>
    public IReadOnlyList<int> FindPrefixes(ReadOnlySpan<byte> text)
    {
        List<int> found = [];
        ulong hash = HashStart;
        for (int length = 1; length <= Math.Min(text.Length, _longest); length++)
        {
            hash = Hash(hash, text[length - 1]);
            for (int token = Bucket(hash); token != None; token = _next[token])
            {
                if (this[token].SequenceEqual(text[..length])) found.Add(token);
            }
        }

        return found;
    }

    private ref int Bucket(ulong hash) => ref _buckets[(int)(hash ^ (hash >> 32)) & (_buckets.Length - 1)];

    // FNV-1a, because the hash of a text follows from that of the text without its last byte.
    private const ulong HashStart = 14695981039346656037;

    private static ulong Hash(ulong hash, byte value) => unchecked((hash ^ value) * 1099511628211);

    private static ulong Hash(ReadOnlySpan<byte> text)
    {
        ulong hash = HashStart;
        foreach (byte value in text) hash = Hash(hash, value);
        return hash;
    }
}
