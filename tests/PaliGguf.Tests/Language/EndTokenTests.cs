using PaliGguf.Gguf;
using PaliGguf.Imaging;
using PaliGguf.Language;

namespace PaliGguf.Tests.Language;

/// <summary>An answer ends at each of the tokens that a text file names; "a turtle on an orange background" with token 313, " on", which
/// stands for text and so is a part of the answer, as in transformers.</summary>
public sealed class EndTokenTests : IDisposable
{
    private const uint On = 313;
    private readonly TemporaryFolder _folder = new();

    private static string TextPath => Path.Combine(Repository.PaliNano, "pali-nano-Q8_0.gguf");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("eot_token_id")]
    [InlineData("eom_token_id")]
    [InlineData("eos_token_id")]
    public async Task A_key_of_an_end_token_ends_answers(string key) =>
        Assert.Equal("a turtle on", await AnswerAsync(new GgufEdits().With("tokenizer.ggml." + key, On), beams: 1));

    [Theory]
    [InlineData("eog_token_ids", 1)]
    [InlineData("eos_token_ids", 1)]
    [InlineData("eog_token_ids", 3)]
    public async Task A_list_of_end_tokens_ends_answers(string key, int beams)
    {
        Assert.Equal("a turtle on", await AnswerAsync(new GgufEdits().With("tokenizer.ggml." + key, new uint[] { 1, On }), beams));
        Assert.Equal("a turtle on", await AnswerAsync(new GgufEdits().With("tokenizer.ggml." + key, new int[] { (int)On }), beams));
    }

    [Fact]
    public async Task Without_a_second_one_the_answer_is_whole() =>
        Assert.Equal("a turtle on an orange background", await AnswerAsync(new GgufEdits(), beams: 1));

    [Fact]
    public void An_end_token_that_is_none_is_refused()
    {
        foreach (GgufEdits edits in new[] { new GgufEdits().With("tokenizer.ggml.eot_token_id", 99999u),
            new GgufEdits().With("tokenizer.ggml.eog_token_ids", new[] { -1 }) })
        {
            using GgufFile file = GgufFile.Open(edits.Write(TextPath, _folder.File("text.gguf")));
            Assert.Contains("the vocabulary has", Assert.Throws<ModelFormatException>(() => TokenizerLayout.Read(file)).Message,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Tokens_that_shall_not_be_answered_are_refused()
    {
        using GgufFile file =
            GgufFile.Open(new GgufEdits().With("tokenizer.ggml.suppress_tokens", new[] { 7 }).Write(TextPath, _folder.File("text.gguf")));
        Assert.Contains("suppress_tokens", Assert.Throws<ModelFormatException>(() => TokenizerLayout.Read(file)).Message,
            StringComparison.Ordinal);
    }

    private async Task<string> AnswerAsync(GgufEdits edits, int beams)
    {
        string text = edits.Write(TextPath, _folder.File("text.gguf"));
        using PaliModel model =
            await PaliModel.LoadAsync(text, Models.OneThread with { VisionPath = ModelFiles.Find(Repository.PaliNano).Vision });
        RgbImage scene = ImageFile.Load(Path.Combine(Repository.PaliNano, "samples", "scene_01.png"));
        return (await model.GenerateAsync(
            new GenerationRequest { Images = [scene], Prompt = "caption en", Beams = beams }).Result).Text.Trim();
    }
}
