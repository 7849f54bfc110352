using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using PaliGguf.Gguf;
using PaliGguf.Language;

namespace PaliGguf.Tests.Language;

public sealed class DecodeLoopAllocationTests
{
    private const int Steps = 80;

    [Theory]
    [InlineData(0, 0, 1, 0)]
    [InlineData(1, 0, 1, 0)]
    [InlineData(1, 40, 1, 0)]
    [InlineData(1, 0, 0.95, 0)]
    [InlineData(1, 0, 1, 0.02)]
    [InlineData(1.5, 200, 0.99, 0.001)]
    public async Task A_token_takes_no_memory(float temperature, int topK, float topP, float minP)
    {
        SamplingOptions sampling = new() { Temperature = temperature, TopK = topK, TopP = topP, MinP = minP, Seed = 3 };
        await AssertNoneAsync(new GenerationRequest { Prompt = "describe en", Sampling = sampling, IgnoreEos = true, MaxTokens = Steps + 20 });
    }

    [Fact]
    public async Task A_token_that_stop_texts_are_compared_with_takes_no_memory() =>
        await AssertNoneAsync(new GenerationRequest { Prompt = "describe en", IgnoreEos = true, MaxTokens = Steps + 20, Stop = ["zebra", "\n\n\n"] });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_token_that_is_constrained_takes_no_memory(float temperature) =>
        await AssertNoneAsync(new GenerationRequest
        {
            Prompt = "describe en",
            Sampling = new SamplingOptions { Temperature = temperature, Seed = 3 },
            MaxTokens = Steps + 20,
            Constraint = pieces => new Among([.. Enumerable.Range(0, 2000).Where(token => pieces[token].Length > 0)]),
        });

    /// <summary>The loop's thread allocates nothing over many tokens of an answer, but for the text of characters that several tokens make up. The least of several runs: the runtime compiles in between, and the first run meets each token's text.</summary>
    private static async Task AssertNoneAsync(GenerationRequest request)
    {
        GgufFile file = GgufFile.Open(Path.Combine(Repository.PaliNano, "pali-nano-Q8_0.gguf"));
        using TextModel model = TextModel.Load(file, TextModelLayout.Read(file), Models.OneThread, NullLogger.Instance, null, CancellationToken.None);
        using TextContext context = new(model, new TextContextOptions(256, 2, 1, GgmlType.F16, Offload: false), NullLogger.Instance);
        using DecodeLoop loop = new(context, model.Embeddings, 2);
        int[] tokens = [model.Vocabulary.BeginOfSequence, .. model.Vocabulary.Tokenize(request.Prompt + "\n")];
        PrefixContent prefix = new([], tokens, tokens.Length);
        long least = long.MaxValue;
        long composed = 0;
        for (int run = 0; run < 6; run++)
        {
            Channel<GeneratedToken> answer = Channel.CreateUnbounded<GeneratedToken>();
            DecodeJob job = new(request, new AnswerRules(request, model.Pieces), prefix, model.Vocabulary, context.Length, answer.Writer, CancellationToken.None);
            AllocationMeter meter = new(prefix, Steps, answer.Reader);
            loop.Submit(job);
            loop.Submit(meter);
            await meter.Completion;
            IReadOnlyList<int> answered = (await job.Completion).Tokens;
            Assert.Equal(request.MaxTokens, answered.Count);
            least = Math.Min(least, meter.Allocated[^1] - meter.Allocated[8]);
            composed = answered.Count(token => model.Vocabulary[token].Text is null);
        }

        Assert.InRange(least, 0, composed * 64);
    }

    private sealed class Among(int[] tokens) : TokenConstraint
    {
        public override ReadOnlySpan<int> Allowed(int remaining) => tokens;

        public override TokenConstraint After(int token) => this;
    }
}
