using System.Text;

namespace PaliGguf.Language;

/// <summary>Turns an answer's token bytes into text piece by piece: holds back incomplete characters and what may become a stop text.</summary>
internal sealed class SuffixText
{
    private readonly string[] _stop;
    private readonly int _longestStop;
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private char[] _text;
    private int _length;
    private int _released;
    private bool _midCharacter;

    /// <param name="stop">Texts that end the answer, none of them empty.</param>
    /// <param name="capacity">For how many characters there is room from the beginning.</param>
    public SuffixText(IReadOnlyList<string> stop, int capacity = 256)
    {
        _stop = [.. stop];
        _longestStop = _stop.Length > 0 ? _stop.Max(word => word.Length) : 0;
        _text = new char[capacity];
    }

    /// <summary>True once a stop text has appeared; nothing may be appended then.</summary>
    public bool Stopped { get; private set; }

    private ReadOnlySpan<char> Text => _text.AsSpan(0, _length);

    /// <summary>Adds a token's bytes.</summary>
    /// <returns>The text that is certain now and was not before.</returns>
    public string Append(ReadOnlySpan<byte> bytes)
    {
        int before = _length;
        _midCharacter = true;
        Decode(bytes, flush: false);
        CutAtStop(before);
        return Release(_length - LengthOfBegunStop());
    }

    /// <summary>Adds a token.</summary>
    /// <returns>The text that is certain now and was not before; the token's own, where it is just that.</returns>
    public string Append(TokenPiece piece)
    {
        if (piece.Text is not { } text || _midCharacter)
        {
            string released = Append(piece.Bytes);
            // Whatever was incomplete before it, a piece of whole characters leaves nothing in the decoder. One of no bytes leaves what there is.
            _midCharacter = piece.Text is not { Length: > 0 };
            return released;
        }

        int before = _length;
        text.CopyTo(Room(text.Length));
        _length += text.Length;
        CutAtStop(before);
        int certain = _length - LengthOfBegunStop();
        if (_released != before || certain != before + text.Length) return Release(certain);
        _released = certain;
        return text;
    }

    /// <summary>Ends the answer.</summary>
    /// <returns>What was held back.</returns>
    public string Complete()
    {
        if (!Stopped)
        {
            int before = _length;
            Decode([], flush: true);
            CutAtStop(before);
        }

        return Release(_length);
    }

    public override string ToString() => new(Text);

    private void Decode(ReadOnlySpan<byte> bytes, bool flush)
    {
        bool complete;
        do
        {
            _decoder.Convert(bytes, Room(Math.Max(bytes.Length, 8)), flush, out int used, out int written, out complete);
            bytes = bytes[used..];
            _length += written;
        }
        while (!complete);
    }

    /// <summary>The place of the next characters.</summary>
    private Span<char> Room(int length)
    {
        if (_text.Length - _length < length) Array.Resize(ref _text, Math.Max(2 * _text.Length, _length + length));
        return _text.AsSpan(_length);
    }

    /// <summary>Ends the text before the stop text in it, if there is one.</summary>
    /// <param name="before">How long the text was before the last token; no stop text was in it.</param>
    private void CutAtStop(int before)
    {
        // The stop text that is complete first, and of several that end together the longest: then it does not matter how the text
        // was cut into tokens.
        int firstEnd = int.MaxValue;
        int start = 0;
        foreach (string word in _stop)
        {
            int from = Math.Max(before - word.Length + 1, 0);
            int at = Text[from..].IndexOf(word);
            int end = from + at + word.Length;
            if (at < 0 || end > firstEnd || (end == firstEnd && from + at > start)) continue;
            (firstEnd, start) = (end, from + at);
        }

        if (firstEnd == int.MaxValue) return;
        _length = start;
        Stopped = true;
    }

    private int LengthOfBegunStop()
    {
        if (Stopped) return 0;
        for (int length = Math.Min(_length, _longestStop - 1); length > 0; length--)
        {
            ReadOnlySpan<char> tail = Text[^length..];
            foreach (string word in _stop)
            {
                if (word.AsSpan().StartsWith(tail)) return length;
            }
        }

        return 0;
    }

    private string Release(int upTo)
    {
        if (upTo <= _released) return "";
        string released = new(_text, _released, upTo - _released);
        _released = upTo;
        return released;
    }
}
