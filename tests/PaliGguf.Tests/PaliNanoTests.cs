using PaliGguf.Conversion;
using PaliGguf.Imaging;
using PaliGguf.Language;
using Xunit.Abstractions;

namespace PaliGguf.Tests;

public sealed class PaliNanoTests(ITestOutputHelper output)
{
    private static readonly IReadOnlyList<NanoAnswer> Goldens = PaliNanoGoldens.Load();

    [Fact]
    public async Task The_full_precision_pair_gives_the_reference_answers_token_for_token()
    {
        using PaliModel model = await Models.LoadAsync(ConvertedModels.PaliNano(ModelFileType.F32));
        IReadOnlyList<GenerationResult> results = await AnswerAllAsync(model);
        int equal = Goldens.Zip(results).Count(pair => pair.First.Suffix.SequenceEqual(pair.Second.Tokens));
        output.WriteLine($"{equal} of {Goldens.Count} answers equal token for token.");
        Assert.InRange(equal, 115, Goldens.Count);
    }

    [Fact]
    public async Task The_shipped_pair_gives_the_reference_texts_and_nearly_its_boxes()
    {
        using PaliModel model = await PaliModel.LoadAsync(Repository.PaliNano, Models.OneThread);
        IReadOnlyList<GenerationResult> results = await AnswerAllAsync(model);
        (NanoAnswer Expected, GenerationResult Actual)[] pairs = Goldens.Zip(results).ToArray();

        (NanoAnswer, GenerationResult)[] texts = pairs.Where(pair => !pair.Expected.HasBoxes).ToArray();
        int equal = texts.Count(pair => pair.Item1.Text == pair.Item2.Text);
        double[] overlaps = pairs.Where(pair => pair.Expected.HasBoxes).SelectMany(pair => Overlaps(pair.Expected.Text, pair.Actual.Text)).ToArray();
        output.WriteLine($"{equal} of {texts.Length} texts equal; mean IoU of {overlaps.Length} boxes {overlaps.Average():F4}.");
        Assert.Equal(85, texts.Length);
        Assert.InRange(equal, 83, 85);
        Assert.InRange(overlaps.Average(), 0.9, 1);
        Assert.All(results, result => Assert.All(result.Tokens, token => Assert.InRange(token, 0, 2239)));
    }

    [Fact]
    public async Task Tokens_that_stand_for_no_text_are_never_drawn_however_hot_the_sampling()
    {
        using PaliModel model = await PaliModel.LoadAsync(Repository.PaliNano, Models.OneThread);
        GenerationResult result = await model.GenerateAsync(new GenerationRequest
        {
            Images = [ImageFile.Load(Goldens[0].Image)],
            Prompt = "caption en",
            Sampling = new SamplingOptions { Temperature = 100, Seed = 1 },
            MaxTokens = 400,
            IgnoreEos = true,
        }).Result;
        Assert.Equal(400, result.Tokens.Count);
        Assert.All(result.Tokens, token => Assert.InRange(token, 0, 2239));
        Assert.Contains(result.Tokens, token => token > 1088);
    }

    private static async Task<IReadOnlyList<GenerationResult>> AnswerAllAsync(PaliModel model)
    {
        List<GenerationResult> results = [];
        foreach (NanoAnswer golden in Goldens)
        {
            RgbImage image = ImageFile.Load(golden.Image);
            results.Add(await model.GenerateAsync(new GenerationRequest { Images = [image], Prompt = golden.Prompt }).Result);
        }

        return results;
    }

    /// <summary>The overlap of each expected box with the answer's box in the same place; a missing one counts 0.</summary>
    private static IEnumerable<double> Overlaps(string expected, string actual)
    {
        IReadOnlyList<int[]> found = PaliNanoGoldens.Boxes(actual);
        return PaliNanoGoldens.Boxes(expected).Select((box, index) => index < found.Count ? PaliNanoGoldens.IntersectionOverUnion(box, found[index]) : 0);
    }
}
