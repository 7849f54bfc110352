using System.Text;
using PaliGguf.Language;

namespace PaliGguf.Tests.Tasks;

/// <summary>End-of-sequence, some pieces of text, and all location and codeword tokens.</summary>
internal sealed class ToyVocabulary
{
    public const int EndOfSequence = 0;

    private readonly string[] _texts;

    public ToyVocabulary(params string[] texts)
    {
        _texts = texts;
        FirstLocation = 1 + texts.Length;
        FirstCodeword = FirstLocation + 1024;
        Pieces = new PieceIndex(FirstCodeword + 128, EndOfSequence, token => Encoding.UTF8.GetBytes(Text(token)));
    }

    public PieceIndex Pieces { get; }

    public int FirstLocation { get; }

    public int FirstCodeword { get; }

    public IEnumerable<int> TextTokens => Enumerable.Range(1, _texts.Length);

    public string Text(int token) =>
        token == EndOfSequence ? ""
        : token < FirstLocation ? _texts[token - 1]
        : token < FirstCodeword ? $"<loc{token - FirstLocation:D4}>"
        : $"<seg{token - FirstCodeword:D3}>";

    public string Text(IEnumerable<int> tokens) => string.Concat(tokens.Select(Text));
}
