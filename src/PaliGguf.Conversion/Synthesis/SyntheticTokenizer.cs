using System.Text;
using PaliGguf.Conversion.Tokenizers;

namespace PaliGguf.Conversion.Synthesis;

/// <summary>
/// A SentencePiece model with as many pieces as PaliGemma's, its special ones at the same ids, and all short strings of letters in place of words.
/// </summary>
internal static class SyntheticTokenizer
{
    private const int WordPieces = 256_000;
    private const int LineFeed = 108;
    private const int FirstByte = 217;
    private const int Locations = 1024;
    private const int Segments = 128;

    /// <summary>The pieces in the order of their ids.</summary>
    public static IReadOnlyList<Piece> Pieces()
    {
        List<Piece> pieces =
        [
            new("<pad>", 0, PieceType.Control), new("<eos>", 0, PieceType.Control), new("<bos>", 0, PieceType.Control), new("<unk>", 0, PieceType.Unknown),
        ];
        while (pieces.Count < LineFeed) pieces.Add(new Piece($"<unused{pieces.Count}>", 0, PieceType.UserDefined));
        pieces.Add(new Piece("\n", 0, PieceType.UserDefined));
        while (pieces.Count < FirstByte) pieces.Add(new Piece($"<unused{pieces.Count}>", 0, PieceType.UserDefined));
        for (int value = 0; value < 256; value++) pieces.Add(new Piece($"<0x{value:X2}>", 0, PieceType.Byte));
        pieces.AddRange(Words().Take(WordPieces - pieces.Count).Select((text, index) => new Piece(text, -index, PieceType.Normal)));
        for (int location = 0; location < Locations; location++) pieces.Add(new Piece($"<loc{location:D4}>", 0, PieceType.UserDefined));
        for (int segment = 0; segment < Segments; segment++) pieces.Add(new Piece($"<seg{segment:D3}>", 0, PieceType.UserDefined));
        return pieces;
    }

    /// <summary>The content of <c>tokenizer.model</c>; the field numbers are those of sentencepiece_model.proto.</summary>
    public static byte[] Model(IEnumerable<Piece> pieces)
    {
        ProtobufWriter model = new();
        foreach (Piece piece in pieces)
        {
            ProtobufWriter fields = new();
            fields.Write(1, Encoding.UTF8.GetBytes(piece.Text));
            fields.Write(2, piece.Score);
            fields.Write(3, (int)piece.Type);
            model.Write(1, fields.Content);
        }

        const int BytePairEncoding = 2;
        ProtobufWriter trainer = new();
        foreach ((int field, int value) in new[] { (3, BytePairEncoding), (35, 1), (40, 3), (41, 2), (42, 1), (43, 0) }) trainer.Write(field, value);
        model.Write(2, trainer.Content);
        ProtobufWriter normalizer = new();
        normalizer.Write(1, "identity"u8);
        foreach (int off in new[] { 3, 4 }) normalizer.Write(off, 0);
        model.Write(3, normalizer.Content);
        return model.Content.ToArray();
    }

    // The shorter ones first, so that a merge of two of them is one of those that follow; each with and without a space before it.
    private static IEnumerable<string> Words()
    {
        yield return "\u2581";
        for (char c = '!'; c <= '~'; c++) yield return $"{c}";
        List<string> last = [""];
        while (true)
        {
            List<string> longer = [.. last.SelectMany(_ => "etaoinshrdlucmfwypvbgkjqxz", (start, letter) => start + letter)];
            foreach (string word in longer)
            {
                if (word.Length > 1) yield return word;
                yield return "\u2581" + word;
            }

            last = longer;
        }
    }
}
