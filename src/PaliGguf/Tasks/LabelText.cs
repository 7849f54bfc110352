using System.Text;
using PaliGguf.Language;

namespace PaliGguf.Tasks;

/// <summary>
/// What follows the tokens of an instance, as bytes: a space, the label, and the separator that a further instance needs. Tells for each place in it
/// which tokens can come next, and in how few tokens the ends of label and separator can be reached.
/// </summary>
internal sealed class LabelText
{
    private static readonly byte[] Separator = " ; "u8.ToArray();

    private readonly byte[] _bytes;
    private readonly IReadOnlyList<int>[] _tokens;
    private readonly int[] _toLabelEnd;
    private readonly int[] _toEnd;

    public LabelText(string label, PieceIndex pieces)
    {
        byte[] text = Encoding.UTF8.GetBytes(" " + label);
        LabelEnd = text.Length;
        _bytes = [.. text, .. Separator];
        _tokens = new IReadOnlyList<int>[_bytes.Length + 1];
        _tokens[_bytes.Length] = [];
        _toLabelEnd = new int[_bytes.Length + 1];
        _toEnd = new int[_bytes.Length + 1];
        for (int place = _bytes.Length - 1; place >= 0; place--)
        {
            _tokens[place] = pieces.FindPrefixes(_bytes.AsSpan(place));
            if (place < LabelEnd) _toLabelEnd[place] = FewestTo(LabelEnd, place, _toLabelEnd, pieces);
            _toEnd[place] = FewestTo(End, place, _toEnd, pieces);
        }
    }

    /// <summary>The place after the label, where an answer may end.</summary>
    public int LabelEnd { get; }

    /// <summary>The place after the separator, where the next instance begins.</summary>
    public int End => _bytes.Length;

    /// <summary>What is left at a place.</summary>
    public ReadOnlySpan<byte> From(int place) => _bytes.AsSpan(place);

    /// <summary>The tokens that what is left at a place can begin with.</summary>
    public IReadOnlyList<int> TokensAt(int place) => _tokens[place];

    /// <summary>The fewest tokens in which an answer can end well from a place on, if a further instance takes at least some number.</summary>
    public int FewestFrom(int place, int instance)
    {
        int withInstance = _toEnd[place] + instance;
        return place <= LabelEnd ? Math.Min(_toLabelEnd[place], withInstance) : withInstance;
    }

    /// <summary>The fewest tokens from the beginning to the end of the label.</summary>
    public int Fewest => _toLabelEnd[0];

    // Each byte has a token of its own, so that every place is within reach.
    private int FewestTo(int end, int place, int[] fewestFrom, PieceIndex pieces)
    {
        int fewest = end - place;
        foreach (int token in _tokens[place])
        {
            int next = place + pieces[token].Length;
            if (next <= end) fewest = Math.Min(fewest, 1 + fewestFrom[next]);
        }

        return fewest;
    }
}
