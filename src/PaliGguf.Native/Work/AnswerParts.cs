using System.Text;
using PaliGguf.Language;
using PaliGguf.Native.Calls;
using PaliGguf.Native.Layouts;
using PaliGguf.Tasks;
using PaliGguf.Tasks.Masks;

namespace PaliGguf.Native.Work;

/// <summary>What there is of an answer by now. Not for several threads at once.</summary>
internal sealed class AnswerParts
{
    private readonly List<Token> _tokens = [];
    private byte[] _text = [];
    private int _textBytes;
    private Token? _last;
    private IReadOnlyList<Detection> _found = [];
    private MaskBitmap?[] _masks = [];

    /// <summary>The text, in UTF-8.</summary>
    public ReadOnlySpan<byte> Text => _text.AsSpan(0, _textBytes);

    /// <summary>The tokens. The last one is told when the next is there, or the answer's end: it may come twice.</summary>
    public IReadOnlyList<Token> Tokens => _tokens;

    public int Objects => _found.Count;

    public void Add(GeneratedToken token)
    {
        if (_last is { } before) _tokens.Add(before);
        int start = _textBytes;
        Append(token.Text);
        _last = new Token
        {
            id = token.Id,
            log_probability = token.LogProbability,
            text_offset = (ulong)start,
            text_bytes = (uint)(_textBytes - start),
        };
    }

    /// <summary>The answer has ended.</summary>
    /// <param name="tokens">How many tokens it has.</param>
    public void End(int tokens)
    {
        if (_last is not { } last) return;
        _last = null;
        if (_tokens.Count < tokens)
        {
            _tokens.Add(last);
        }
        else if (_tokens.Count > 0)
        {
            // The last token once more, with the text that was held back.
            _tokens[^1] = _tokens[^1] with { text_bytes = _tokens[^1].text_bytes + last.text_bytes };
        }
    }

    /// <summary>What was found. Bitmaps are made here, and not when the caller, a game's thread, asks for one.</summary>
    public void Add(string text, IReadOnlyList<Detection> found)
    {
        Append(text);
        _found = found;
        _masks = [.. found.Select(detection => (detection as Segment)?.Mask.ToBitmap())];
    }

    public FoundObject Object(uint index)
    {
        Detection detection = Find(index);
        Mask? mask = (detection as Segment)?.Mask;
        return new FoundObject
        {
            score = detection.Score,
            x_min = detection.Box.XMin,
            y_min = detection.Box.YMin,
            x_max = detection.Box.XMax,
            y_max = detection.Box.YMax,
            mask_left = mask?.Left ?? 0,
            mask_top = mask?.Top ?? 0,
            mask_width = mask?.Width ?? 0,
            mask_height = mask?.Height ?? 0,
        };
    }

    public string Label(uint index) => Find(index).Label;

    /// <exception cref="CallException">There is no such thing, or it has no mask.</exception>
    public MaskBitmap MaskOf(uint index)
    {
        Find(index);
        return _masks[index] ?? throw CallException.Argument($"The object {index} has no mask: ask by PALI_SEGMENT.");
    }

    /// <exception cref="CallException">There is no such token.</exception>
    public Token TokenAt(uint index) =>
        index < _tokens.Count ? _tokens[(int)index] : throw CallException.Argument(
            $"There is no token {index}: there are {_tokens.Count} so far.");

    private Detection Find(uint index) =>
        index < _found.Count ? _found[(int)index] : throw CallException.Argument($"There is no object {index}: there are {_found.Count}.");

    private void Append(string text)
    {
        int bytes = Encoding.UTF8.GetByteCount(text);
        if (_textBytes + bytes > _text.Length) Array.Resize(ref _text, Math.Max(2 * _text.Length, _textBytes + bytes + 64));
        _textBytes += Encoding.UTF8.GetBytes(text, _text.AsSpan(_textBytes));
    }
}
