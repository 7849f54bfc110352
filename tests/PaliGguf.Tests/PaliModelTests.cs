using PaliGguf.Imaging;
using PaliGguf.Language;

namespace PaliGguf.Tests;

public sealed class PaliModelTests
{
    private static readonly IReadOnlyList<NanoAnswer> Goldens = PaliNanoGoldens.Load();

    [Fact]
    public async Task The_task_methods_answer_in_one_line_of_code()
    {
        await using PaliModel model = await LoadAsync();
        RgbImage image = ImageFile.Load(Goldens[0].Image);
        Assert.Equal("a turtle on an orange background", await model.CaptionAsync(image));
        Assert.Equal("เต่าหนึ่งตัว บนพื้นหลังสีส้ม", await model.CaptionAsync(image, "th"));
        Assert.Equal("an orange background with a turtle at the top", await model.DescribeAsync(image));
        Assert.Equal("orange", await model.AnswerAsync(image, "what color is the background?"));
        Assert.NotNull(await model.OcrAsync(image));
    }

    [Fact]
    public async Task Streamed_texts_add_up_to_the_result()
    {
        await using PaliModel model = await LoadAsync();
        Generation generation = model.GenerateAsync(Request(Goldens[3]));
        List<GeneratedToken> tokens = await generation.ToListAsync();
        GenerationResult result = await generation.Result;
        Assert.Equal(Goldens[3].Text, string.Concat(tokens.Select(token => token.Text)));
        Assert.Equal(Goldens[3].Text, result.Text);
        Assert.Equal(FinishReason.Stop, result.FinishReason);
        Assert.Equal(result.Tokens.Count, result.LogProbabilities.Count);
        Assert.All(result.LogProbabilities, value => Assert.InRange(value, -20, 0));
        Assert.Equal(64 + Goldens[3].PrefixIds.Length, result.PrefixTokens);
    }

    [Fact]
    public async Task Eight_threads_on_one_model_get_the_texts_that_one_alone_gets()
    {
        await using PaliModel model = await LoadAsync(Models.OneThread with { Sequences = 3 });
        NanoAnswer[] questions = Goldens.Where(golden => !golden.HasBoxes).Take(24).ToArray();
        List<string> alone = [];
        foreach (NanoAnswer question in questions) alone.Add((await model.GenerateAsync(Request(question)).Result).Text);

        string[] together = new string[questions.Length];
        await Parallel.ForAsync(0, questions.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (index, cancellationToken) =>
            together[index] = (await model.GenerateAsync(Request(questions[index]), cancellationToken).Result).Text);
        Assert.Equal(alone, together);
    }

    [Fact]
    public async Task Two_models_in_one_process_do_not_disturb_each_other()
    {
        await using PaliModel nano = await LoadAsync();
        GoldenSet golden = GoldenSet.Load("tiny-g1");
        using PaliModel tiny = await Models.LoadAsync(ConvertedModels.Golden("tiny-g1", Conversion.ModelFileType.F32));
        GenerationRequest tinyRequest = new()
        {
            Images = [ImageFile.Load(Path.Combine(golden.Folder, golden.Cases[0].Image))],
            Prompt = golden.Cases[0].Prefix,
            MaxTokens = golden.Cases[0].Suffix.Length,
            IgnoreEos = true,
        };
        for (int round = 0; round < 3; round++)
        {
            Generation first = nano.GenerateAsync(Request(Goldens[1]));
            Generation second = tiny.GenerateAsync(tinyRequest);
            Assert.Equal(Goldens[1].Text, (await first.Result).Text);
            Assert.Equal(golden.Cases[0].Suffix, (await second.Result).Tokens);
        }
    }

    [Fact]
    public async Task A_cancelled_request_ends_within_a_token_and_the_next_one_works()
    {
        await using PaliModel model = await LoadAsync(Models.OneThread with { ContextLength = 4096 });
        using CancellationTokenSource cancellation = new();
        Generation generation = model.GenerateAsync(Request(Goldens[1]) with { MaxTokens = 4000, IgnoreEos = true }, cancellation.Token);
        int seen = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (GeneratedToken _ in generation)
            {
                if (++seen == 10) await cancellation.CancelAsync();
            }
        });
        GenerationResult result = await generation.Result;
        Assert.Equal(FinishReason.Cancelled, result.FinishReason);
        Assert.InRange(result.Tokens.Count, 10, 3000);
        Assert.Equal(Goldens[1].Text, (await model.GenerateAsync(Request(Goldens[1])).Result).Text);
    }

    [Fact]
    public async Task A_request_cancelled_before_it_starts_gives_no_tokens()
    {
        await using PaliModel model = await LoadAsync();
        GenerationResult result = await model.GenerateAsync(Request(Goldens[1]), new CancellationToken(canceled: true)).Result;
        Assert.Equal((FinishReason.Cancelled, 0), (result.FinishReason, result.Tokens.Count));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => model.CaptionAsync(ImageFile.Load(Goldens[0].Image), "en", new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task Leaving_the_enumeration_cancels_the_request()
    {
        await using PaliModel model = await LoadAsync(Models.OneThread with { ContextLength = 4096 });
        Generation generation = model.GenerateAsync(Request(Goldens[1]) with { MaxTokens = 4000, IgnoreEos = true });
        await foreach (GeneratedToken _ in generation) break;
        Assert.Equal(FinishReason.Cancelled, (await generation.Result).FinishReason);
    }

    [Fact]
    public async Task Disposing_a_model_cancels_what_runs()
    {
        PaliModel model = await LoadAsync(Models.OneThread with { ContextLength = 4096 });
        Generation running = model.GenerateAsync(Request(Goldens[1]) with { MaxTokens = 4000, IgnoreEos = true });
        Generation? waiting = null;
        await foreach (GeneratedToken _ in running)
        {
            // Not before: whichever of two that start together comes first is answered to its end.
            waiting = model.GenerateAsync(Request(Goldens[2]) with { MaxTokens = 4000, IgnoreEos = true });
            await model.DisposeAsync();
            break;
        }

        Assert.Equal(FinishReason.Cancelled, (await running.Result).FinishReason);
        Assert.Equal(FinishReason.Cancelled, (await waiting!.Result).FinishReason);
        Assert.Throws<ObjectDisposedException>(() => model.GenerateAsync(Request(Goldens[1])));
    }

    [Fact]
    public async Task A_prefix_longer_than_the_context_is_refused_with_the_numbers()
    {
        await using PaliModel model = await LoadAsync(Models.OneThread with { ContextLength = 256 });
        RgbImage image = ImageFile.Load(Goldens[0].Image);
        InferenceException refusal = await Assert.ThrowsAsync<InferenceException>(() =>
            model.GenerateAsync(new GenerationRequest { Images = [image, image, image, image], Prompt = "caption en" }).Result);
        Assert.Contains("260", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("256", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_end_of_the_context_ends_the_answer()
    {
        await using PaliModel model = await LoadAsync(Models.OneThread with { ContextLength = 256 });
        GenerationResult result = await model.GenerateAsync(Request(Goldens[0]) with { MaxTokens = 100_000, IgnoreEos = true }).Result;
        Assert.Equal((FinishReason.Length, 256), (result.FinishReason, result.PrefixTokens + result.Tokens.Count));
    }

    [Fact]
    public async Task A_stop_text_ends_the_answer_before_it()
    {
        await using PaliModel model = await LoadAsync();
        GenerationResult result = await model.GenerateAsync(Request(Goldens[1]) with { Stop = [" background", "zebra"] }).Result;
        Assert.Equal(("a turtle on an orange", FinishReason.Stop), (result.Text, result.FinishReason));
    }

    [Fact]
    public async Task A_seed_makes_drawing_repeatable()
    {
        await using PaliModel model = await LoadAsync();
        GenerationRequest request = Request(Goldens[1]) with { Sampling = new SamplingOptions { Temperature = 1.5f, TopK = 40, TopP = 0.95f, MinP = 0.01f, Seed = 7 } };
        Assert.Equal((await model.GenerateAsync(request).Result).Tokens, (await model.GenerateAsync(request).Result).Tokens);
    }

    [Fact]
    public async Task A_second_question_about_a_picture_pays_no_vision()
    {
        await using PaliModel model = await LoadAsync();
        GenerationResult first = await model.GenerateAsync(Request(Goldens[0])).Result;
        GenerationResult second = await model.GenerateAsync(Request(Goldens[4])).Result;
        Assert.Equal(Goldens[4].Text, second.Text);
        Assert.Equal((0, 1), (first.Timings.PicturesCached, second.Timings.PicturesCached));
        Assert.InRange(second.Timings.Native, TimeSpan.FromTicks(1), second.Timings.Prefix + second.Timings.Decode);
    }

    private static Task<PaliModel> LoadAsync(ModelOptions? options = null) => PaliModel.LoadAsync(Repository.PaliNano, options ?? Models.OneThread);

    private static GenerationRequest Request(NanoAnswer golden) => new() { Images = [ImageFile.Load(golden.Image)], Prompt = golden.Prompt };
}
