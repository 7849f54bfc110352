namespace PaliGguf.Language;

/// <summary>The tokens of a vocabulary by the bytes that they stand for. Control tokens, which stand for none, are not in it.</summary>
internal sealed class PieceIndex
{
    private readonly TextIndex _pieces;

    /// <param name="count">The vocabulary's ids are 0 to <c>count - 1</c>.</param>
    /// <param name="endOfSequence">The token that ends an answer.</param>
    /// <param name="piece">The bytes of a token.</param>
    public PieceIndex(int count, int endOfSequence, Func<int, byte[]> piece)
    {
        EndOfSequence = endOfSequence;
        int[] starts = new int[count + 1];
        using MemoryStream bytes = new(count * 8);
        for (int token = 0; token < count; token++)
        {
            bytes.Write(piece(token));
            starts[token + 1] = checked((int)bytes.Length);
        }

        _pieces = new TextIndex(bytes.ToArray(), starts);
    }

    public int EndOfSequence { get; }

    /// <summary>The bytes that a token stands for.</summary>
    public ReadOnlySpan<byte> this[int token] => _pieces[token];

    /// <summary>A token that stands for exactly these bytes, or null.</summary>
    public int? Find(ReadOnlySpan<byte> text) => _pieces.Find(text) is var token and not TextIndex.None ? token : null;

    /// <summary>All tokens that a text can begin with.</summary>
    public IReadOnlyList<int> FindPrefixes(ReadOnlySpan<byte> text) => _pieces.FindPrefixes(text);
}
