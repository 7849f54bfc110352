using System.Text;

namespace PaliGguf.Language;

/// <summary>Turns an answer's token bytes into text piece by piece: holds back incomplete characters and what may become a stop text.</summary>
internal sealed class SuffixText(IReadOnlyList<string> stop)
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private readonly StringBuilder _text = new();
    private int _released;

    /// <summary>True once a stop text has appeared; nothing may be appended then.</summary>
    public bool Stopped { get; private set; }

    /// <summary>Adds a token's bytes.</summary>
    /// <returns>The text that is certain now and was not before.</returns>
    public string Append(ReadOnlySpan<byte> bytes)
    {
        Decode(bytes, flush: false);
        return Release(_text.Length - LengthOfBegunStop());
    }

    /// <summary>Ends the answer.</summary>
    /// <returns>What was held back.</returns>
    public string Complete()
    {
        if (!Stopped) Decode([], flush: true);
        return Release(_text.Length);
    }

    public override string ToString() => _text.ToString();

    private void Decode(ReadOnlySpan<byte> bytes, bool flush)
    {
        Span<char> characters = stackalloc char[256];
        bool complete;
        do
        {
            _decoder.Convert(bytes, characters, flush, out int used, out int written, out complete);
            bytes = bytes[used..];
            _text.Append(characters[..written]);
        }
        while (!complete);

        CutAtStop();
    }

    private void CutAtStop()
    {
        if (stop.Count == 0) return;
        string text = _text.ToString();
        // The stop text that is complete first, and of several that end together the longest: then it does not matter how the text
        // was cut into tokens.
        (int Start, int End)[] found = stop.Select(word => (Start: text.IndexOf(word, StringComparison.Ordinal), word.Length))
            .Where(match => match.Start >= 0).Select(match => (match.Start, match.Start + match.Length)).ToArray();
        if (found.Length == 0) return;
        _text.Length = found.OrderBy(match => match.End).ThenBy(match => match.Start).First().Start;
        Stopped = true;
    }

    private int LengthOfBegunStop()
    {
        if (Stopped || stop.Count == 0) return 0;
        string text = _text.ToString();
        int longest = Math.Min(text.Length, stop.Max(word => word.Length) - 1);
        for (int length = longest; length > 0; length--)
        {
            string tail = text[^length..];
            if (stop.Any(word => word.StartsWith(tail, StringComparison.Ordinal))) return length;
        }

        return 0;
    }

    private string Release(int upTo)
    {
        if (upTo <= _released) return "";
        string released = _text.ToString(_released, upTo - _released);
        _released = upTo;
        return released;
    }
}
