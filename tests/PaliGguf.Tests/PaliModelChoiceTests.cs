using PaliGguf.Conversion;
using PaliGguf.Imaging;
using PaliGguf.Language;
using PaliGguf.Tests.Language;

namespace PaliGguf.Tests;

public sealed class PaliModelChoiceTests
{
    private static readonly IReadOnlyList<NanoAnswer> Goldens = PaliNanoGoldens.Load();
    private static readonly string[] Colours = ["orange", "red", "blue", "light blue", "green", "a dark green or grey", "yellow", "o"];

    [Theory]
    [InlineData("tiny-g1")]
    [InlineData("tiny-g2")]
    public async Task Likelihoods_are_those_of_answers_decoded_alone(string name)
    {
        GoldenSet golden = GoldenSet.Load(name);
        using ReferenceScores reference = await ReferenceScores.LoadAsync(name, 1);
        using PaliModel model = await Models.LoadAsync(ConvertedModels.Golden(name, ModelFileType.F32));
        RgbImage image = ImageFile.Load(Path.Combine(golden.Folder, golden.Cases[1].Image));
        IReadOnlyList<Choice> choices = await model.ChooseAsync(image, golden.Cases[1].Prefix, Colours);
        Assert.Equal(Colours, choices.Select(choice => choice.Text));
        foreach (Choice choice in choices)
        {
            int[] tokens = reference.Vocabulary.Tokenize(choice.Text);
            double expected = reference.Whole(tokens);
            Assert.InRange(choice.LogLikelihood - expected, -0.03 * (tokens.Length + 1), 0.03 * (tokens.Length + 1));
        }

        Assert.Equal(1, choices.Sum(choice => choice.Probability), 1e-9);
        Assert.All(choices, choice => Assert.Equal(
            choice.LogLikelihood - choices[0].LogLikelihood, Math.Log(choice.Probability / choices[0].Probability), 1e-6));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(200)]
    public async Task However_many_run_side_by_side_the_values_are_those_of_each_alone(int branches)
    {
        using PaliModel model = await LoadAsync(Models.OneThread with { Branches = branches });
        string[] candidates = [.. Colours, .. Enumerable.Range(0, 20).Select(number => $"{number} turtles on a hill")];
        IReadOnlyList<Choice> together = await model.ChooseAsync(Turtle, "answer en what color is the background?", candidates);
        foreach (Choice choice in together)
        {
            Choice alone = (await model.ChooseAsync(Turtle, "answer en what color is the background?", [choice.Text])).Single();
            Assert.Equal(1, alone.Probability);
            AssertClose(alone, choice);
        }

        Assert.Equal("orange", together.MaxBy(choice => choice.Probability)!.Text);
    }

    [Fact]
    public async Task The_greedy_answer_is_as_likely_as_its_tokens()
    {
        using PaliModel model = await LoadAsync();
        foreach (NanoAnswer golden in Goldens.Where(golden => !golden.HasBoxes && golden.Text.Length > 0).Take(12))
        {
            RgbImage image = ImageFile.Load(golden.Image);
            GenerationResult greedy = await model.GenerateAsync(new GenerationRequest { Images = [image], Prompt = golden.Prompt }).Result;
            Choice choice = (await model.ChooseAsync(image, golden.Prompt, [greedy.Text])).Single();
            // Its end-of-sequence token, which the greedy answer does not count, was the most probable one.
            Assert.InRange(choice.LogLikelihood - greedy.LogProbabilities.Sum(), -1, 0.05);
        }
    }

    [Fact]
    public async Task Candidates_that_do_not_fit_side_by_side_take_turns()
    {
        using PaliModel model = await LoadAsync(Models.OneThread with { ContextLength = 256 });
        // 64 image tokens and a few of text leave less than 190: room for one of these at a time, or for some of the short ones.
        string[] candidates = [Repeated("turtle", 90), "a turtle", Repeated("orange", 90), Repeated("hill", 60), "an orange turtle"];
        IReadOnlyList<Choice> choices = await model.ChooseAsync(Turtle, "caption en", candidates);
        foreach (Choice choice in choices) AssertClose((await model.ChooseAsync(Turtle, "caption en", [choice.Text])).Single(), choice);
    }

    [Fact]
    public async Task Choosing_and_answering_run_side_by_side()
    {
        await using PaliModel model = await LoadAsync(Models.OneThread with { Sequences = 3, Branches = 7 });
        IReadOnlyList<Choice> alone = await model.ChooseAsync(Turtle, "caption en", Colours);
        Task<IReadOnlyList<Choice>>[] choosing = [.. Enumerable.Range(0, 3).Select(_ => model.ChooseAsync(Turtle, "caption en", Colours))];
        NanoAnswer[] questions = [.. Goldens.Where(golden => !golden.HasBoxes).Take(6)];
        GenerationResult[] answers = await Task.WhenAll(questions.Select(golden =>
            model.GenerateAsync(new GenerationRequest { Images = [ImageFile.Load(golden.Image)], Prompt = golden.Prompt }).Result));
        Assert.Equal(questions.Select(golden => golden.Text), answers.Select(answer => answer.Text));
        foreach (Task<IReadOnlyList<Choice>> task in choosing)
        {
            Assert.All(alone.Zip(await task), pair => AssertClose(pair.First, pair.Second));
        }
    }

    [Fact]
    public async Task What_cannot_be_chosen_from_is_refused()
    {
        using PaliModel model = await LoadAsync(Models.OneThread with { ContextLength = 256 });
        await Assert.ThrowsAsync<ArgumentException>(() => model.ChooseAsync(Turtle, "caption en", []));
        await Assert.ThrowsAsync<ArgumentException>(() => model.ChooseAsync(Turtle, "caption en", ["a", ""]));
        ArgumentException repeated = await Assert.ThrowsAsync<ArgumentException>(() => model.ChooseAsync(Turtle, "caption en", ["a", "b", "a"]));
        Assert.Contains("'a'", repeated.Message, StringComparison.Ordinal);
        InferenceException tooLong = await Assert.ThrowsAsync<InferenceException>(() => model.ChooseAsync(Turtle, "caption en", ["a", Repeated("turtle", 300)]));
        Assert.Contains("256", tooLong.Message, StringComparison.Ordinal);
        Assert.Contains("300", tooLong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Choosing_can_be_cancelled()
    {
        await using PaliModel model = await LoadAsync(Models.OneThread with { ContextLength = 4096 });
        using CancellationTokenSource cancellation = new();
        Task<IReadOnlyList<Choice>> choosing = model.ChooseAsync(Turtle, "caption en", [Repeated("turtle", 3000), "a"], cancellationToken: cancellation.Token);
        cancellation.CancelAfter(100);
        OperationCanceledException cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => choosing);
        Assert.Equal(cancellation.Token, cancelled.CancellationToken);
        Assert.Equal(2, (await model.ChooseAsync(Turtle, "caption en", ["a", "b"])).Count);
    }

    /// <summary>Equal but for the rounding of quantized products, which depends on how many rows there are in a batch.</summary>
    private static void AssertClose(Choice expected, Choice actual)
    {
        Assert.Equal(expected.Text, actual.Text);
        double tolerance = 0.05 - (0.002 * expected.LogLikelihood);
        Assert.InRange(actual.LogLikelihood - expected.LogLikelihood, -tolerance, tolerance);
    }

    private static RgbImage Turtle { get; } = ImageFile.Load(Goldens[0].Image);

    private static string Repeated(string word, int count) => string.Join(' ', Enumerable.Repeat(word, count));

    private static Task<PaliModel> LoadAsync(ModelOptions? options = null) => PaliModel.LoadAsync(Repository.PaliNano, options ?? Models.OneThread);
}
