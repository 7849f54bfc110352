using PaliGguf.Conversion;
using PaliGguf.Imaging;
using PaliGguf.Language;
using PaliGguf.Tests.Language;

namespace PaliGguf.Tests;

public sealed class PaliModelBeamTests
{
    private static readonly IReadOnlyList<NanoAnswer> Goldens = PaliNanoGoldens.Load();

    [Theory]
    [InlineData("tiny-g1", 2)]
    [InlineData("tiny-g1", 4)]
    [InlineData("tiny-g1", 17)]
    [InlineData("tiny-g2", 3)]
    [InlineData("tiny-g2", 17)]
    public async Task Answers_are_those_of_a_search_that_decodes_each_sequence_alone(string name, int beams)
    {
        GoldenSet golden = GoldenSet.Load(name);
        GoldenCase item = golden.Cases[1];
        using ReferenceScores reference = await ReferenceScores.LoadAsync(name, item.Index);
        using PaliModel model = await Models.LoadAsync(ConvertedModels.Golden(name, ModelFileType.F32));
        int end = reference.Vocabulary.EndOfSequence;
        // The random model would end at once with these few tokens if it were not for likely ones, which its own greedy answer has.
        int[] tokens = [.. item.Suffix.Distinct().Take(2), 300, 400];
        Func<int[], double[]> after = answer => reference.After(answer);
        (int[] expected, double score) = NaiveBeamSearch.Run(beams, 3, tokens, end, after);

        GenerationResult result = await model.GenerateAsync(new GenerationRequest
        {
            Images = [ImageFile.Load(Path.Combine(golden.Folder, item.Image))],
            Prompt = item.Prefix,
            MaxTokens = 3,
            Beams = beams,
            Constraint = pieces => new TokenSubset(pieces.EndOfSequence, tokens),
        }).Result;
        Assert.Equal(expected, result.Tokens);
        Assert.Equal(score - after([.. expected])[end], result.LogProbabilities.Sum(), 0.1);
        if (beams == 17) Assert.Equal(NaiveBeamSearch.Exhaust(3, tokens, end, after).Answer, result.Tokens);
    }

    [Fact]
    public async Task One_beam_is_the_greedy_answer()
    {
        GoldenSet golden = GoldenSet.Load("tiny-g2");
        using PaliModel model = await Models.LoadAsync(ConvertedModels.Golden("tiny-g2", ModelFileType.F32));
        foreach (GoldenCase item in golden.Cases)
        {
            GenerationRequest request = new()
            {
                Images = [ImageFile.Load(Path.Combine(golden.Folder, item.Image))],
                Prompt = item.Prefix,
                MaxTokens = item.Suffix.Length,
                IgnoreEos = true,
                Beams = 1,
            };
            Assert.Equal(item.Suffix, (await model.GenerateAsync(request).Result).Tokens);
        }
    }

    [Fact]
    public async Task Endless_answers_have_the_length_and_are_at_least_as_probable_as_the_greedy_one()
    {
        GoldenSet golden = GoldenSet.Load("tiny-g1");
        using PaliModel model = await Models.LoadAsync(ConvertedModels.Golden("tiny-g1", ModelFileType.F32));
        GoldenCase item = golden.Cases[0];
        GenerationRequest request = new()
        {
            Images = [ImageFile.Load(Path.Combine(golden.Folder, item.Image))],
            Prompt = item.Prefix,
            MaxTokens = 24,
            IgnoreEos = true,
        };
        double greedy = (await model.GenerateAsync(request).Result).LogProbabilities.Sum();
        GenerationResult searched = await model.GenerateAsync(request with { Beams = 8 }).Result;
        Assert.Equal((24, FinishReason.Length), (searched.Tokens.Count, searched.FinishReason));
        Assert.InRange(searched.LogProbabilities.Sum(), greedy - 0.05, 0);
    }

    [Fact]
    public async Task Found_answers_are_at_least_as_probable_as_greedy_ones_and_stream_what_they_say()
    {
        using PaliModel model = await LoadAsync(Models.OneThread with { Sequences = 2 });
        foreach (NanoAnswer golden in Goldens.Where(golden => !golden.HasBoxes && golden.Text.Length > 0).Take(16))
        {
            GenerationRequest request = Request(golden);
            Task<GenerationResult> greedy = model.GenerateAsync(request).Result;
            Generation search = model.GenerateAsync(request with { Beams = 3 });
            List<GeneratedToken> tokens = await search.ToListAsync();
            GenerationResult found = await search.Result;
            string greedyText = (await greedy).Text;
            Assert.Equal(FinishReason.Stop, found.FinishReason);
            Assert.Equal(found.Text, string.Concat(tokens.Select(token => token.Text)));
            Assert.Equal(found.Tokens, tokens.Select(token => token.Id));
            if (found.Text == greedyText) continue;
            IReadOnlyList<Choice> both = await model.ChooseAsync(request.Images, golden.Prompt, [greedyText, found.Text]);
            Assert.InRange(both[1].LogLikelihood - both[0].LogLikelihood, -0.05, 50);
        }
    }

    [Fact]
    public async Task Searches_side_by_side_find_what_each_finds_alone()
    {
        await using PaliModel model = await LoadAsync(Models.OneThread with { Sequences = 3, Branches = 5 });
        NanoAnswer[] questions = [.. Goldens.Where(golden => !golden.HasBoxes).Take(9)];
        List<string> alone = [];
        foreach (NanoAnswer question in questions) alone.Add((await model.GenerateAsync(Request(question) with { Beams = 4 }).Result).Text);
        GenerationResult[] together = await Task.WhenAll(questions.Select(question => model.GenerateAsync(Request(question) with { Beams = 4 }).Result));
        Assert.Equal(alone, together.Select(result => result.Text));
    }

    [Fact]
    public async Task A_stop_text_ends_a_found_answer()
    {
        using PaliModel model = await LoadAsync();
        GenerationResult result = await model.GenerateAsync(Request(Goldens[1]) with { Beams = 2, Stop = [" background"] }).Result;
        Assert.Equal(("a turtle on an orange", FinishReason.Stop), (result.Text, result.FinishReason));
    }

    [Fact]
    public async Task A_search_can_be_cancelled()
    {
        await using PaliModel model = await LoadAsync(Models.OneThread with { ContextLength = 8192 });
        using CancellationTokenSource cancellation = new();
        Generation search = model.GenerateAsync(Request(Goldens[1]) with { Beams = 2, MaxTokens = 4000, IgnoreEos = true }, cancellation.Token);
        cancellation.CancelAfter(300);
        GenerationResult result = await search.Result;
        Assert.Equal(FinishReason.Cancelled, result.FinishReason);
        Assert.InRange(result.Tokens.Count, 0, 3999);
        Assert.Equal(Goldens[1].Text, (await model.GenerateAsync(Request(Goldens[1])).Result).Text);
    }

    [Fact]
    public async Task The_room_of_the_context_is_divided_among_the_beams()
    {
        using PaliModel model = await LoadAsync(Models.OneThread with { ContextLength = 256 });
        GenerationResult result = await model.GenerateAsync(Request(Goldens[0]) with { Beams = 4, MaxTokens = 1000, IgnoreEos = true }).Result;
        Assert.Equal((256 - result.PrefixTokens) / 4, result.Tokens.Count);
    }

    [Fact]
    public async Task Searches_that_cannot_be_are_refused_with_the_numbers()
    {
        using PaliModel model = await LoadAsync(Models.OneThread with { Branches = 2 });
        InferenceException refusal = await Assert.ThrowsAsync<InferenceException>(() => model.GenerateAsync(Request(Goldens[0]) with { Beams = 4 }).Result);
        Assert.Contains("3 branches", refusal.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => model.GenerateAsync(Request(Goldens[0]) with { Beams = 0 }));
        Assert.Throws<ArgumentException>(() => model.GenerateAsync(Request(Goldens[0]) with { Beams = 2, Sampling = new SamplingOptions { Temperature = 1 } }));
        await Assert.ThrowsAsync<ArgumentException>(() => LoadAsync(Models.OneThread with { Sequences = 200, Branches = 57 }));
        await Assert.ThrowsAsync<ArgumentException>(() => LoadAsync(Models.OneThread with { Branches = -1 }));
    }

    private static Task<PaliModel> LoadAsync(ModelOptions? options = null) => PaliModel.LoadAsync(Repository.PaliNano, options ?? Models.OneThread);

    private static GenerationRequest Request(NanoAnswer golden) => new() { Images = [ImageFile.Load(golden.Image)], Prompt = golden.Prompt };
}
