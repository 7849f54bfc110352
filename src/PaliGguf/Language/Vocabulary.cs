using System.Collections.Concurrent;
using System.Text;

namespace PaliGguf.Language;

/// <summary>Text to token ids and back.</summary>
internal sealed class Vocabulary(TokenizerLayout tokens)
{
    private readonly SentencePieceTokenizer _tokenizer = new(tokens);
    private readonly ConcurrentDictionary<int, TokenPiece> _pieces = new();

    public int TokenCount => tokens.Texts.Count;

    public int BeginOfSequence => tokens.BeginOfSequence;

    public int EndOfSequence => tokens.EndOfSequence;

    /// <summary>All tokens that end an answer, <see cref="EndOfSequence"/> first.</summary>
    public IReadOnlyList<int> Ends => tokens.Ends;

    /// <summary>Whether a token ends an answer.</summary>
    public bool IsEnd(int token) => token == tokens.EndOfSequence || (tokens.Ends.Count > 1 && tokens.Ends.Contains(token));

    /// <summary>The id of <c>&lt;image&gt;</c>: it and all above it stand for no text and are never generated.</summary>
    public int ImageToken => tokens.ImageToken;

    /// <summary>The ids of a text. Control tokens are never recognised in it; location and segmentation tokens are.</summary>
    public int[] Tokenize(string text) => _tokenizer.Tokenize(text);

    /// <summary>The UTF-8 bytes of one token; none for a control token. Byte tokens may give part of a character.</summary>
    public byte[] Piece(int token) => tokens.Kinds[token] switch
    {
        TokenKind.Normal => UnmarkSpaces(tokens.Texts[token]),
        TokenKind.UserDefined => tokens.Texts[token].ToArray(),
        TokenKind.Byte => [(byte)tokens.Bytes.IndexOf(token)],
        _ => [],
    };

    /// <summary>The UTF-8 bytes of one token, and of a control token its name.</summary>
    public byte[] Spelling(int token) => Piece(token) is { Length: > 0 } piece ? piece : tokens.Texts[token].ToArray();

    /// <summary>What a token stands for: made when it first appears in an answer, and kept.</summary>
    public TokenPiece this[int token] => _pieces.TryGetValue(token, out TokenPiece? known) ? known : _pieces.GetOrAdd(token, new TokenPiece(Piece(token)));

    /// <summary>The text of some tokens, control tokens left out.</summary>
    public string Detokenize(IEnumerable<int> tokens) => Encoding.UTF8.GetString([.. tokens.SelectMany(Piece)]);

    private static byte[] UnmarkSpaces(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> mark = SentencePieceTokenizer.SpaceMark;
        byte[] piece = new byte[text.Length - ((mark.Length - 1) * text.Count(mark))];
        Span<byte> rest = piece;
        for (int at; (at = text.IndexOf(mark)) >= 0; text = text[(at + mark.Length)..])
        {
            text[..at].CopyTo(rest);
            rest[at] = (byte)' ';
            rest = rest[(at + 1)..];
        }

        text.CopyTo(rest);
        return piece;
    }
}
