using PaliGguf.Conversion.Tokenizers;

namespace PaliGguf.Conversion.Tests.Tokenizers;

public sealed class VocabularyTests
{
    private const string Path = "some/tokenizer.model";
    private static readonly AddedToken Image = new(262, "<image>", Special: true);

    [Fact]
    public void Rows_after_the_pieces_are_the_image_and_unused_ones()
    {
        Vocabulary vocabulary = Build([Image], size: 270, configured: 262);
        Assert.Equal(270, vocabulary.Tokens.Count);
        Assert.Equal(262, vocabulary.ImageId);
        Assert.Equal(new Piece("<image>", -1000, PieceType.Control), vocabulary.Tokens[262]);
        Assert.Equal(new Piece("[PAD263]", -10000, PieceType.Unused), vocabulary.Tokens[263]);
        Assert.Equal(new Piece("[PAD269]", -10000, PieceType.Unused), vocabulary.Tokens[269]);
        Assert.Equal((3, 2, 1, 0), (vocabulary.UnknownId, vocabulary.BeginId, vocabulary.EndId, vocabulary.PaddingId));
    }

    [Fact]
    public void Only_user_defined_pieces_get_real_spaces()
    {
        Vocabulary vocabulary = Build([Image]);
        Assert.Equal("\u2581the", vocabulary.Tokens[260].Text);
        Assert.Equal(new Piece("  ", 0, PieceType.UserDefined), vocabulary.Tokens[261]);
    }

    [Theory]
    [InlineData(nameof(PieceType.Normal))]
    [InlineData(nameof(PieceType.Control))]
    [InlineData(nameof(PieceType.UserDefined))]
    public void Locations_and_segments_are_user_defined_whatever_the_model_calls_them(string type)
    {
        ModelBytes model = new();
        model.Pieces.Add(new Piece("<loc0007>", 0, Enum.Parse<PieceType>(type)));
        Vocabulary vocabulary = Build([new(263, "<seg001>", Special: true), new(264, "<image>", Special: true)], model: model);
        Assert.Equal(PieceType.UserDefined, vocabulary.Tokens[262].Type);
        Assert.Equal(PieceType.UserDefined, vocabulary.Tokens[263].Type);
    }

    [Fact]
    public void The_image_is_a_control_token_even_where_it_is_called_otherwise()
    {
        ModelBytes model = new();
        model.Pieces.Add(new Piece("<image>", 0, PieceType.UserDefined));
        Assert.Equal(PieceType.Control, Build([], model: model).Tokens[262].Type);
        Assert.Equal(PieceType.Control, Build([Image with { Special = false }]).Tokens[262].Type);
    }

    [Fact]
    public void The_configuration_tells_the_image_when_the_tokenizer_does_not()
    {
        Assert.Equal(264, Build([], configured: 264).ImageId);
        Refused([], null, "neither");
        Refused([], 100, "image_token_index", "100");
        Refused([], 99_999, "99999");
        Refused([Image], 263, "has id 262", "263");
    }

    [Fact]
    public void Tokens_that_do_not_fit_are_refused()
    {
        Refused([Image, new(5000, "<more>", Special: false)], null, "<more>", "5000");
        Refused([Image, new(263, "", Special: false)], null, "263", "no text");
        Refused([Image, new(263, "<pad>", Special: false)], null, "<pad>", "twice");
        OneLineError.Check(() => Build([Image], size: 100), Path, "262 pieces", "100 rows");
    }

    private static Vocabulary Build(IEnumerable<AddedToken> added, int size = 270, int? configured = null, ModelBytes? model = null) =>
        Vocabulary.Build(SentencePieceModel.Parse((model ?? new ModelBytes()).ToArray(), Path), added, size, configured, Path);

    private static void Refused(IEnumerable<AddedToken> added, int? configured, params string[] contained) =>
        OneLineError.Check(() => Build(added, configured: configured), [Path, .. contained]);
}
