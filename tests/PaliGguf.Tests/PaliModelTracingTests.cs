using System.Numerics.Tensors;
using PaliGguf.Conversion;
using PaliGguf.Imaging;
using PaliGguf.Language;

namespace PaliGguf.Tests;

public sealed class PaliModelTracingTests
{
    private static readonly RgbImage Scene = ImageFile.Load(Path.Combine(Repository.PaliNano, "samples", "scene_01.png"));
    private static readonly GenerationRequest Caption = new() { Images = [Scene], Prompt = "caption en" };

    [Fact]
    public async Task A_trace_is_the_greedy_answer_and_its_end()
    {
        using PaliModel model = await LoadAsync();
        GenerationResult greedy = await model.GenerateAsync(Caption).Result;
        List<int> likeliest = [];
        AnswerTrace trace = await model.TraceAsync(Caption, answer: null, (position, logits) =>
        {
            Assert.Equal(likeliest.Count, position);
            Assert.Equal(model.Info.VocabularySize, logits.Length);
            likeliest.Add(TensorPrimitives.IndexOfMax(logits[..model.Info.AnswerTokens]));
        });
        Assert.Equal(FinishReason.Stop, greedy.FinishReason);
        Assert.Equal(greedy.Tokens, trace.Tokens.SkipLast(1));
        Assert.Equal(greedy.LogProbabilities, trace.LogProbabilities.SkipLast(1));
        Assert.Equal(greedy.Text, trace.Text);
        Assert.Equal(likeliest, trace.Tokens);
    }

    [Fact]
    public async Task A_cut_trace_has_as_many_tokens_as_asked_for()
    {
        using PaliModel model = await LoadAsync();
        GenerationResult greedy = await model.GenerateAsync(Caption with { MaxTokens = 3 }).Result;
        (AnswerTrace trace, float[][] logits) = await TraceAsync(model, Caption with { MaxTokens = 3 });
        Assert.Equal(greedy.Tokens, trace.Tokens);
        Assert.Equal(3, logits.Length);
    }

    [Fact]
    public async Task Led_along_its_own_answer_the_model_says_the_same()
    {
        using PaliModel model = await LoadAsync();
        (AnswerTrace free, float[][] freeLogits) = await TraceAsync(model, Caption);
        (AnswerTrace led, float[][] ledLogits) = await TraceAsync(model, Caption with { MaxTokens = 1 }, free.Tokens);
        Assert.Equal(free.Tokens, led.Tokens);
        Assert.Equal(free.LogProbabilities, led.LogProbabilities);
        Assert.Equal(free.Text, led.Text);
        Assert.Equal(freeLogits, ledLogits);
    }

    [Fact]
    public async Task Led_along_another_answer_it_is_as_likely_as_that_choice()
    {
        using PaliModel model = await LoadAsync();
        int end = (await TraceAsync(model, Caption)).Trace.Tokens[^1];
        foreach (string prompt in new[] { "describe en", "answer en what color is the background?" })
        {
            GenerationResult other = await model.GenerateAsync(Caption with { Prompt = prompt, MaxTokens = 12 }).Result;
            (AnswerTrace trace, _) = await TraceAsync(model, Caption, [.. other.Tokens, end]);
            Choice choice = (await model.ChooseAsync(Scene, "caption en", [trace.Text])).Single();
            Assert.Equal(choice.LogLikelihood, trace.LogProbabilities.Sum(), 0.01);
        }
    }

    [Fact]
    public async Task Two_traces_side_by_side_are_those_of_each_alone()
    {
        using PaliModel alone = await LoadAsync();
        using PaliModel together = await LoadAsync(Models.OneThread with { Sequences = 2 });
        GenerationRequest[] requests = [Caption, Caption with { Prompt = "describe en" }, Caption with { Prompt = "ocr" }];
        (AnswerTrace Trace, float[][] Logits)[] traces = await Task.WhenAll(requests.Select(request => TraceAsync(together, request)));
        foreach ((GenerationRequest request, (AnswerTrace trace, float[][] logits)) in requests.Zip(traces))
        {
            (AnswerTrace expected, float[][] expectedLogits) = await TraceAsync(alone, request);
            Assert.Equal(expected.Tokens, trace.Tokens);
            foreach ((float[] one, float[] other) in expectedLogits.Zip(logits)) Assert.InRange(TensorPrimitives.Distance(one, other), 0, 0.01f * TensorPrimitives.Norm<float>(one));
        }
    }

    [Fact]
    public async Task What_the_observer_throws_reaches_the_caller_and_the_model_goes_on()
    {
        using PaliModel model = await LoadAsync();
        InvalidOperationException thrown = new("enough");
        InvalidOperationException caught = await Assert.ThrowsAsync<InvalidOperationException>(
            () => model.TraceAsync(Caption, null, (position, _) =>
            {
                if (position == 2) throw thrown;
            }));
        Assert.Same(thrown, caught);
        Assert.NotEmpty((await TraceAsync(model, Caption)).Logits);
    }

    [Fact]
    public async Task Cancelling_ends_it()
    {
        using PaliModel model = await LoadAsync();
        using CancellationTokenSource stop = new();
        OperationCanceledException cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => model.TraceAsync(Caption, null, (_, _) => stop.Cancel(), stop.Token));
        Assert.Equal(stop.Token, cancelled.CancellationToken);
    }

    [Fact]
    public async Task Requests_that_are_not_greedy_and_answers_that_are_none_are_refused()
    {
        using PaliModel model = await LoadAsync();
        foreach (GenerationRequest request in new[]
        {
            Caption with { Sampling = new SamplingOptions { Temperature = 1 } }, Caption with { Beams = 2 }, Caption with { Stop = ["a"] }, Caption with { IgnoreEos = true },
        })
        {
            await Assert.ThrowsAsync<ArgumentException>(() => TraceAsync(model, request));
        }

        foreach (int[] answer in (int[][])[[], [-1], [5, model.Info.AnswerTokens]]) await Assert.ThrowsAsync<ArgumentException>(() => TraceAsync(model, Caption, answer));
        InferenceException tooLong = await Assert.ThrowsAsync<InferenceException>(() => TraceAsync(model, Caption, new int[model.Info.ContextLength]));
        Assert.Contains("longer context", tooLong.Message, StringComparison.Ordinal);
    }

    private static Task<PaliModel> LoadAsync(ModelOptions? options = null) => Models.LoadAsync(ConvertedModels.PaliNano(ModelFileType.F32), options);

    private static async Task<(AnswerTrace Trace, float[][] Logits)> TraceAsync(PaliModel model, GenerationRequest request, IReadOnlyList<int>? answer = null)
    {
        List<float[]> all = [];
        AnswerTrace trace = await model.TraceAsync(request, answer, (_, logits) => all.Add(logits.ToArray()));
        return (trace, [.. all]);
    }
}
