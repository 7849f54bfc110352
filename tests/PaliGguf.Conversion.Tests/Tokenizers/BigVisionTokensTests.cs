using PaliGguf.Conversion.Tokenizers;

namespace PaliGguf.Conversion.Tests.Tokenizers;

public sealed class BigVisionTokensTests
{
    [Fact]
    public void Gemmas_own_model_gets_places_and_codewords()
    {
        SentencePieceModel model = SentencePieceModel.Parse(new ModelBytes().ToArray(), "gemma.model");
        IReadOnlyList<AddedToken> added = BigVisionTokens.AddedTo(model);
        int first = model.Pieces.Count;
        Assert.Equal(1024 + 128, added.Count);
        Assert.Equal(new AddedToken(first, "<loc0000>", Special: false), added[0]);
        Assert.Equal(new AddedToken(first + 1023, "<loc1023>", Special: false), added[1023]);
        Assert.Equal(new AddedToken(first + 1024, "<seg000>", Special: false), added[1024]);
        Assert.Equal(new AddedToken(first + 1151, "<seg127>", Special: false), added[^1]);
    }

    [Fact]
    public void The_published_model_has_them_already() =>
        Assert.Empty(BigVisionTokens.AddedTo(SentencePieceModel.Read(Path.Combine(CheckpointFolder.Gemma2, "tokenizer.model"))));
}
