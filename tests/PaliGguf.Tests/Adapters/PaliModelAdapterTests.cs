using PaliGguf.Adapters;
using PaliGguf.Conversion;
using PaliGguf.Imaging;
using PaliGguf.Language;
using PaliGguf.Tasks;

namespace PaliGguf.Tests.Adapters;

/// <summary>An adapter that is loaded at run time answers as one that was merged into the weights, and requests with different ones do not disturb each other.</summary>
public sealed class PaliModelAdapterTests
{
    // What is merged and what is added later are rounded differently, and a chain of layers enlarges that.
    private const double Rounding = 5e-3;

    private static readonly ModelOptions Exact = Models.OneThread with { CacheType = GgmlType.F32, ContextLength = 512 };

    [Theory]
    [InlineData("tiny-g1")]
    [InlineData("tiny-g2")]
    public async Task A_loaded_adapter_answers_as_a_merged_one(string name)
    {
        AdaptedModel adapted = await AdaptedModels.Golden(name);
        using PaliModel loaded = await Load(adapted.Pair, new AdapterFile(adapted.Adapter));
        using PaliModel merged = await Load(adapted.Merged);
        foreach (GenerationRequest request in Requests(name))
        {
            GenerationResult expected = await merged.GenerateAsync(request).Result;
            AssertSame(expected, await loaded.GenerateAsync(request).Result);
            Assert.NotEqual(expected.Tokens, (await loaded.GenerateAsync(request with { Adapters = [] }).Result).Tokens);
        }
    }

    [Theory]
    [InlineData("tiny-g1")]
    [InlineData("tiny-g2")]
    public async Task Without_adapters_or_with_the_scale_0_the_model_is_itself(string name)
    {
        AdaptedModel adapted = await AdaptedModels.Golden(name);
        GoldenSet golden = GoldenSet.Load(name);
        using PaliModel model = await Load(adapted.Pair, new AdapterFile(adapted.Adapter) { Name = "a" });
        foreach ((GoldenCase expected, GenerationRequest request) in golden.Cases.Zip(Requests(name)))
        {
            GenerationResult without = await model.GenerateAsync(request with { Adapters = [] }).Result;
            GenerationResult none = await model.GenerateAsync(request with { Adapters = [new("a", 0)] }).Result;
            Assert.Equal(expected.Suffix, without.Tokens);
            Assert.Equal(without.Tokens, none.Tokens);
            Assert.Equal(without.LogProbabilities, none.LogProbabilities);
        }
    }

    [Fact]
    public async Task Two_adapters_at_once_are_both_merged()
    {
        string checkpoint = Path.Combine(Repository.Golden("tiny-g2"), "model");
        AdaptedModel first = await AdaptedModels.Golden("tiny-g2");
        AdaptedModel second = await AdaptedModels.Golden("tiny-g2", seed: 2);
        using PeftFolder firstFolder = PeftFolder.ForText(checkpoint);
        using PeftFolder secondFolder = PeftFolder.ForText(checkpoint, seed: 2);
        ConversionResult both = await AdaptedModels.Merge(checkpoint, ModelFileType.F32, new AdapterSource(firstFolder.Path, 0.5f), new AdapterSource(secondFolder.Path, -0.25f));
        using PaliModel merged = await Load(both);
        using PaliModel loaded = await Load(first.Pair, new AdapterFile(first.Adapter, 0.5f) { Name = "first" }, new AdapterFile(second.Adapter) { Name = "second" });
        foreach (GenerationRequest request in Requests("tiny-g2"))
        {
            AssertSame(await merged.GenerateAsync(request).Result, await loaded.GenerateAsync(request with { Adapters = [new("second", -0.25f), new("first", 0.5f)] }).Result);
        }
    }

    [Fact]
    public async Task Over_a_quantized_model_the_answer_is_as_far_from_the_exact_one_as_that_of_a_merged_and_quantized_model()
    {
        string checkpoint = Path.Combine(Repository.Golden("tiny-g2"), "model");
        AdaptedModel adapted = await AdaptedModels.Golden("tiny-g2");
        using PeftFolder folder = PeftFolder.ForText(checkpoint);
        using PaliModel exact = await Load(adapted.Merged);
        using PaliModel loaded = await Load(await ConvertedModels.Golden("tiny-g2", ModelFileType.Q8_0), new AdapterFile(adapted.Adapter));
        using PaliModel merged = await Load(await AdaptedModels.Merge(checkpoint, ModelFileType.Q8_0, new AdapterSource(folder.Path)));
        IReadOnlyList<string> candidates = [.. Enumerable.Range(0, 40).Select(index => $"<loc{index * 25:D4}>")];
        GenerationRequest request = Requests("tiny-g2")[0];
        double[] expected = await Scores(exact);
        Assert.InRange(Distance(expected, await Scores(loaded)), 0, (1.5 * Distance(expected, await Scores(merged))) + 0.02);

        async Task<double[]> Scores(PaliModel model) => [.. (await model.ChooseAsync(request.Images, request.Prompt, candidates)).Select(choice => choice.LogLikelihood)];

        static double Distance(double[] a, double[] b) => Math.Sqrt(a.Zip(b, (x, y) => (x - y) * (x - y)).Average());
    }

    [Fact]
    public async Task Requests_side_by_side_each_have_their_own_adapters()
    {
        AdaptedModel first = await AdaptedModels.Golden("tiny-g2");
        AdaptedModel second = await AdaptedModels.Golden("tiny-g2", seed: 2);
        AdapterFile[] files = [new(first.Adapter) { Name = "first" }, new(second.Adapter, 0) { Name = "second" }];
        IReadOnlyList<AdapterScale>?[] sets = [null, [], [new("second")], [new("first"), new("second", 0.5f)], [new("first")], []];
        GenerationRequest[] requests =
        [
            .. sets.SelectMany(set => Requests("tiny-g2").Select(request => request with { Adapters = set })),
            Requests("tiny-g2")[1] with { Adapters = [new("second")], Beams = 3 },
        ];
        using PaliModel alone = await Load(first.Pair, files);
        using PaliModel busy = await PaliModel.LoadAsync(first.Pair.TextPath, Exact with { Adapters = files, Sequences = 5 });
        List<GenerationResult> expected = [];
        foreach (GenerationRequest request in requests) expected.Add(await alone.GenerateAsync(request).Result);

        GenerationResult[] results = await Task.WhenAll(requests.Select(request => busy.GenerateAsync(request).Result));

        Assert.All(expected.Zip(results), pair => AssertSame(pair.First, pair.Second));
        Assert.Equal(sets.Length - 2, expected.Take(sets.Length * 3).Chunk(3).Select(results => string.Join(' ', results[0].Tokens)).Distinct().Count());
    }

    [Fact]
    public async Task A_cancelled_request_leaves_the_others_their_adapters()
    {
        AdaptedModel adapted = await AdaptedModels.Golden("tiny-g2");
        using PaliModel model = await PaliModel.LoadAsync(adapted.Pair.TextPath, Exact with { Adapters = [new(adapted.Adapter) { Name = "a" }], Sequences = 2 });
        GenerationRequest request = Requests("tiny-g2")[0];
        GenerationResult expected = await model.GenerateAsync(request).Result;
        using CancellationTokenSource cancellation = new();
        // In the midst of it, however fast it goes and however long this thread waits for a core.
        CancelledAt third = new(cancellation, 3);
        GenerationRequest endless = request with { Adapters = [], MaxTokens = 10_000, IgnoreEos = false, Constraint = _ => third };
        Generation cancelled = model.GenerateAsync(endless, cancellation.Token);
        Generation other = model.GenerateAsync(request, CancellationToken.None);
        AssertSame(expected, await other.Result);
        Assert.Equal(FinishReason.Cancelled, (await cancelled.Result).FinishReason);
        AssertSame(expected, await model.GenerateAsync(request).Result);
    }

    [Fact]
    public async Task Choices_and_instances_have_adapters_too()
    {
        AdaptedModel adapted = await AdaptedModels.PaliNano();
        using PaliModel loaded = await Load(adapted.Pair, new AdapterFile(adapted.Adapter, 0) { Name = "a" });
        using PaliModel merged = await Load(adapted.Merged);
        RgbImage picture = ImageFile.Load(Path.Combine(Repository.PaliNano, "samples", "scene_01.png"));
        DetectionOptions options = new() { MaxTokens = 20 };

        IReadOnlyList<Choice> expected = await merged.ChooseAsync(picture, "answer en is there a turtle?", ["yes", "no"]);
        IReadOnlyList<Choice> choices = await loaded.ChooseAsync(picture, "answer en is there a turtle?", ["yes", "no"], [new("a")]);
        IReadOnlyList<Choice> plain = await loaded.ChooseAsync(picture, "answer en is there a turtle?", ["yes", "no"]);
        Assert.All(expected.Zip(choices), pair => Assert.Equal(pair.First.LogLikelihood, pair.Second.LogLikelihood, 0.01));
        Assert.InRange(Math.Abs(expected[1].LogLikelihood - plain[1].LogLikelihood), 0.1, double.PositiveInfinity);

        string found = (await merged.DetectAsync(picture, ["turtle"], options)).Text;
        Assert.Equal(found, (await loaded.DetectAsync(picture, ["turtle"], options with { Adapters = [new("a")] })).Text);
        Assert.NotEqual(found, (await loaded.DetectAsync(picture, ["turtle"], options)).Text);
    }

    [Fact]
    public async Task The_model_tells_what_is_loaded()
    {
        AdaptedModel adapted = await AdaptedModels.Golden("tiny-g2");
        using PaliModel model = await Load(adapted.Pair, new AdapterFile(adapted.Adapter, 0.5f));
        AdapterInfo info = Assert.Single(model.Info.Adapters);
        Assert.Equal((Path.GetFileNameWithoutExtension(adapted.Adapter), adapted.Adapter, 0.5f, 21, 8), (info.Name, info.Path, info.Scale, info.Modules, info.LargestRank));
        Assert.InRange(info.Bytes, 1, new FileInfo(adapted.Adapter).Length);
    }

    [Fact]
    public async Task Adapters_that_are_not_there_or_make_no_sense_are_refused()
    {
        AdaptedModel adapted = await AdaptedModels.Golden("tiny-g2");
        AdapterFile file = new(adapted.Adapter) { Name = "a" };
        using PaliModel model = await Load(adapted.Pair, file);
        GenerationRequest request = Requests("tiny-g2")[0];
        InferenceException unknown = await Assert.ThrowsAsync<InferenceException>(() => model.GenerateAsync(request with { Adapters = [new("b")] }).Result);
        Assert.Equal("The model has no adapter 'b': it has 'a'.", unknown.Message);
        await Assert.ThrowsAsync<InferenceException>(() => model.ChooseAsync(request.Images, "a", ["b"], [new("b")]));
        Assert.Throws<ArgumentException>(() => model.GenerateAsync(request with { Adapters = [new("a"), new("a", 2)] }));
        Assert.Throws<ArgumentException>(() => model.GenerateAsync(request with { Adapters = [new("a", float.NaN)] }));
        await Assert.ThrowsAsync<ArgumentException>(() => model.DetectAsync(request.Images[0], ["x"], new DetectionOptions { Adapters = [new("a", float.PositiveInfinity)] }));
        await Assert.ThrowsAsync<ArgumentException>(() => Load(adapted.Pair, file, file));
        await Assert.ThrowsAsync<ArgumentException>(() => Load(adapted.Pair, file with { Scale = float.NaN }));
        await Assert.ThrowsAsync<FileNotFoundException>(() => Load(adapted.Pair, new AdapterFile("no-such-file.gguf")));
    }

    private static Task<PaliModel> Load(ConversionResult pair, params AdapterFile[] adapters) => PaliModel.LoadAsync(pair.TextPath, Exact with { Adapters = adapters });

    private static GenerationRequest[] Requests(string name)
    {
        GoldenSet golden = GoldenSet.Load(name);
        return
        [
            .. golden.Cases.Select(item => new GenerationRequest
            {
                Images = [ImageFile.Load(Path.Combine(golden.Folder, item.Image))],
                Prompt = item.Prefix,
                MaxTokens = item.Suffix.Length,
                IgnoreEos = true,
            }),
        ];
    }

    private static void AssertSame(GenerationResult expected, GenerationResult actual)
    {
        Assert.Equal(expected.Tokens, actual.Tokens);
        Assert.All(expected.LogProbabilities.Zip(actual.LogProbabilities), pair => Assert.Equal(pair.First, pair.Second, Rounding));
    }

    /// <summary>The same token again and again, and the end of its request before the one of a number.</summary>
    private sealed class CancelledAt(CancellationTokenSource cancellation, int number) : TokenConstraint
    {
        private static readonly int[] Token = [300];
        private int _calls;

        public override ReadOnlySpan<int> Allowed(int remaining)
        {
            if (++_calls == number) cancellation.Cancel();
            return Token;
        }

        public override TokenConstraint After(int token) => this;
    }
}
