using PaliGguf.Conversion;
using PaliGguf.Imaging;
using PaliGguf.Language;
using PaliGguf.Tests;
using Xunit.Abstractions;

namespace PaliGguf.LLamaSharp.Tests;

/// <summary>The references that the library's own binding is held to, with the decoder run by LLamaSharp.</summary>
public sealed class GoldenTests(ITestOutputHelper output)
{
    private static readonly IReadOnlyList<NanoAnswer> Goldens = PaliNanoGoldens.Load();

    [Fact]
    public async Task The_full_precision_pair_gives_the_reference_answers_token_for_token()
    {
        ConversionResult pair = await ConvertedModels.PaliNano(ModelFileType.F32);
        using PaliModel model = await LLamaSharpModel.LoadAsync(pair.TextPath, Models.OneThread);
        int equal = 0;
        foreach (NanoAnswer golden in Goldens) equal += golden.Suffix.SequenceEqual((await Nano.AnswerAsync(model, golden)).Tokens) ? 1 : 0;
        output.WriteLine($"{equal} of {Goldens.Count} answers equal token for token.");
        Assert.InRange(equal, 115, Goldens.Count);
    }

    [Fact]
    public async Task The_shipped_pair_over_weights_of_a_chat_gives_the_reference_texts()
    {
        using global::LLama.LLamaWeights weights = Nano.LoadWeights();
        using PaliModel model = await LLamaSharpModel.LoadAsync(weights, Nano.TextPath, Models.OneThread);
        NanoAnswer[] texts = [.. Goldens.Where(golden => !golden.HasBoxes)];
        int equal = 0;
        foreach (NanoAnswer golden in texts) equal += golden.Text == (await Nano.AnswerAsync(model, golden)).Text ? 1 : 0;
        output.WriteLine($"{equal} of {texts.Length} texts equal.");
        Assert.InRange(equal, 83, texts.Length);
    }

    [Theory]
    [InlineData("tiny-g1")]
    [InlineData("tiny-g2")]
    public async Task All_greedy_tokens_are_those_of_the_reference_alone_and_in_a_batch(string name)
    {
        GoldenSet golden = GoldenSet.Load(name);
        ConversionResult pair = await ConvertedModels.Golden(name, ModelFileType.F32);
        using PaliModel model = await LLamaSharpModel.LoadAsync(pair.TextPath, Models.OneThread with { Sequences = 4 });
        foreach (GoldenCase expected in golden.Cases)
        {
            Assert.Equal(expected.Suffix, (await model.GenerateAsync(Request(golden, expected)).Result).Tokens);
        }

        GoldenCase[] cases = [golden.Cases[0], golden.Cases[1], golden.Cases[2], golden.Cases[1]];
        GenerationResult[] results = await Task.WhenAll(cases.Select(expected => model.GenerateAsync(Request(golden, expected)).Result));
        Assert.All(cases.Zip(results), pair => Assert.Equal(pair.First.Suffix, pair.Second.Tokens));
    }

    [Fact]
    public async Task Beams_choices_and_boxes_are_those_of_the_librarys_own_binding()
    {
        ConversionResult pair = await ConvertedModels.PaliNano(ModelFileType.F32);
        using PaliModel own = await Models.LoadAsync(Task.FromResult(pair));
        using PaliModel theirs = await LLamaSharpModel.LoadAsync(pair.TextPath, Models.OneThread);
        GenerationRequest beams = new() { Images = [ImageFile.Load(Nano.Turtle)], Prompt = "describe en", Beams = 4 };
        Assert.Equal((await own.GenerateAsync(beams).Result).Tokens, (await theirs.GenerateAsync(beams).Result).Tokens);

        string[] candidates = ["yes", "no", "a turtle"];
        IReadOnlyList<Choice> expected = await own.ChooseAsync(beams.Images, "answer en is there a turtle?", candidates);
        IReadOnlyList<Choice> actual = await theirs.ChooseAsync(beams.Images, "answer en is there a turtle?", candidates);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First.LogLikelihood, pair.Second.LogLikelihood, tolerance: 1e-3));

        RgbImage bicycles = ImageFile.Load(Path.Combine(Repository.PaliNano, "samples", "scene_04.png"));
        Assert.Equal((await own.DetectAsync(bicycles, ["bicycle"])).Text, (await theirs.DetectAsync(bicycles, ["bicycle"])).Text);
    }

    private static GenerationRequest Request(GoldenSet golden, GoldenCase expected) => new()
    {
        Images = [ImageFile.Load(Path.Combine(golden.Folder, expected.Image))],
        Prompt = expected.Prefix,
        MaxTokens = expected.Suffix.Length,
        IgnoreEos = true,
    };
}
