using System.Globalization;
using System.Text;
using PaliGguf.Gguf;

namespace PaliGguf.Server.OpenAi;

/// <summary>What the tokens of a vocabulary stand for, as its file has them.</summary>
internal sealed class TokenPieces
{
    private const int ByteToken = 6;
    private const char MarkedSpace = '\u2581';

    private readonly IReadOnlyList<string> _tokens;
    private readonly int[] _types;

    private TokenPieces(IReadOnlyList<string> tokens, int[] types) => (_tokens, _types) = (tokens, types);

    /// <summary>Reads them from a text GGUF.</summary>
    public static TokenPieces Read(string path)
    {
        using GgufFile file = GgufFile.Open(path);
        return new TokenPieces([.. file.Metadata.GetStringArray("tokenizer.ggml.tokens")], file.Metadata.GetInt32Array("tokenizer.ggml.token_type").ToArray());
    }

    /// <summary>A token's text, and its bytes. The bytes of a token may be part of a character, which as a text is U+FFFD.</summary>
    public (string Text, IReadOnlyList<int> Bytes) this[int token]
    {
        get
        {
            string text = _tokens[token];
            bool isByte = _types[token] == ByteToken && text.Length == "<0x0A>".Length;
            byte[] bytes = isByte ? [byte.Parse(text.AsSpan(3, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)] : Encoding.UTF8.GetBytes(text.Replace(MarkedSpace, ' '));
            return (Encoding.UTF8.GetString(bytes), Array.ConvertAll(bytes, value => (int)value));
        }
    }
}
