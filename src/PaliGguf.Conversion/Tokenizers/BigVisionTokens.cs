namespace PaliGguf.Conversion.Tokenizers;

/// <summary>
/// The tokens that big_vision adds to Gemma's own SentencePiece model when it is told to, <c>gemma(tokensets=['loc', 'seg'])</c>: 1024 places, then 128
/// codewords. The model that was published with PaliGemma has them as pieces.
/// </summary>
internal static class BigVisionTokens
{
    private const int Locations = 1024;
    private const int Segments = 128;

    /// <summary>The tokens that a model lacks; none if it has them.</summary>
    public static IReadOnlyList<AddedToken> AddedTo(SentencePieceModel model)
    {
        int first = model.Pieces.Count;
        if (model.Pieces.Any(piece => piece.Text == "<loc0000>")) return [];
        return
        [
            .. Enumerable.Range(0, Locations).Select(i => new AddedToken(first + i, $"<loc{i:D4}>", Special: false)),
            .. Enumerable.Range(0, Segments).Select(i => new AddedToken(first + Locations + i, $"<seg{i:D3}>", Special: false)),
        ];
    }
}
