using System.Text.RegularExpressions;
using PaliGguf.Conversion.Sources;

namespace PaliGguf.Conversion.Tokenizers;

/// <summary>All tokens of a model, one per row of its embedding, as GGUF stores them.</summary>
internal sealed partial class Vocabulary
{
    /// <summary>The text of the token that stands for a row of the picture.</summary>
    public const string ImageText = "<image>";

    private const float AddedScore = -1000;
    private const float UnusedScore = -10000;
    private readonly Piece[] _tokens;

    private Vocabulary(Piece[] tokens, SentencePieceModel model, int imageId)
    {
        _tokens = tokens;
        UnknownId = model.UnknownId;
        BeginId = model.BeginId;
        EndId = model.EndId;
        PaddingId = model.PaddingId;
        ImageId = imageId;
    }

    public IReadOnlyList<Piece> Tokens => _tokens;

    public int UnknownId { get; }

    public int BeginId { get; }

    public int EndId { get; }

    public int PaddingId { get; }

    public int ImageId { get; }

    /// <summary>Makes the vocabulary of a SentencePiece model and the tokens added to it.</summary>
    /// <param name="path">The <c>tokenizer.model</c>.</param>
    /// <param name="added">Tokens beside it.</param>
    /// <param name="size">Rows of the embedding.</param>
    /// <param name="configuredImageId">The id of <c>&lt;image&gt;</c> as the configuration gives it, if it does.</param>
    /// <exception cref="ModelFormatException">The tokenizer file is missing or malformed, or contradicts the rest.</exception>
    public static Vocabulary Read(string path, IEnumerable<AddedToken> added, int size, int? configuredImageId)
    {
        if (!File.Exists(path))
        {
            throw new ModelFormatException(path, "the SentencePiece model is missing: name one with --tokenizer; that of any PaliGemma checkpoint fits");
        }

        return Build(SentencePieceModel.Read(path), added, size, configuredImageId, path);
    }

    public static Vocabulary Build(SentencePieceModel model, IEnumerable<AddedToken> added, int size, int? configuredImageId, string path)
    {
        int pieces = model.Pieces.Count;
        if (pieces > size) throw new ModelFormatException(path, $"the tokenizer has {pieces} pieces, but the embedding only {size} rows");
        Piece[] tokens = new Piece[size];
        for (int id = 0; id < size; id++) tokens[id] = id < pieces ? ForGguf(model.Pieces[id]) : new Piece($"[PAD{id}]", UnusedScore, PieceType.Unused);
        foreach (AddedToken token in added.Where(token => token.Id >= pieces))
        {
            if (token.Id >= size) throw new ModelFormatException(path, $"the added token {OneLine.Show(token.Text)} has id {token.Id}, but the embedding only {size} rows");
            if (token.Text.Length == 0) throw new ModelFormatException(path, $"the added token {token.Id} has no text");
            tokens[token.Id] = ForGguf(new Piece(token.Text, AddedScore, token.Special ? PieceType.Control : PieceType.UserDefined));
        }

        int imageId = PlaceImage(tokens, pieces, configuredImageId, path);
        CheckUnique(tokens, path);
        return new Vocabulary(tokens, model, imageId);
    }

    private static Piece ForGguf(Piece piece)
    {
        // Part of what the model answers, whatever a tokenizer file calls them: as control tokens they would not be printed.
        if (LocationOrSegment().IsMatch(piece.Text)) return piece with { Type = PieceType.UserDefined };

        // Spaces of user-defined pieces are matched and printed as they stand: the library does not unescape these.
        return piece.Type == PieceType.UserDefined ? piece with { Text = piece.Text.Replace('\u2581', ' ') } : piece;
    }

    private static int PlaceImage(Piece[] tokens, int pieces, int? configured, string path)
    {
        int id = Array.FindIndex(tokens, token => token.Text == ImageText);
        if (id < 0 && configured is null) throw new ModelFormatException(path, $"neither the tokenizer nor config.json tells the id of {ImageText}");
        if (id >= 0 && configured is { } other && other != id)
        {
            throw new ModelFormatException(path, $"the token {ImageText} has id {id}, but image_token_index in config.json is {other}");
        }

        if (id < 0)
        {
            id = configured!.Value;
            if (id < pieces || id >= tokens.Length || tokens[id].Type != PieceType.Unused)
            {
                throw new ModelFormatException(path, $"image_token_index in config.json is {id}, which is not an unused row after the {pieces} pieces");
            }
        }

        // A control token, never user-defined: else these characters in a user's text would become an image.
        tokens[id] = new Piece(ImageText, AddedScore, PieceType.Control);
        return id;
    }

    private static void CheckUnique(Piece[] tokens, string path)
    {
        HashSet<string> texts = new(tokens.Length, StringComparer.Ordinal);
        for (int id = 0; id < tokens.Length; id++)
        {
            if (!texts.Add(tokens[id].Text)) throw new ModelFormatException(path, $"the token {OneLine.Show(tokens[id].Text)}, id {id}, appears twice");
        }
    }

    [GeneratedRegex(@"^<(loc[0-9]{4}|seg[0-9]{3})>\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex LocationOrSegment();
}
