using Microsoft.Extensions.Logging.Abstractions;
using PaliGguf.Gguf;
using PaliGguf.Language;

namespace PaliGguf.Tests.Language;

public sealed class DecodeLoopFairnessTests
{
    [Fact]
    public async Task A_running_answer_gets_a_token_between_any_two_prefixes()
    {
        GgufFile file = GgufFile.Open(Path.Combine(Repository.PaliNano, "pali-nano-Q8_0.gguf"));
        using TextModel model = TextModel.Load(file, TextModelLayout.Read(file), Models.OneThread, NullLogger.Instance, null, CancellationToken.None);
        using TextContext context = new(model, new TextContextOptions(256, 3, 1, GgmlType.F16, Offload: false), NullLogger.Instance);
        using DecodeLoop loop = new(context, model.Embeddings, 3);
        PrefixContent prefix = new([], model.Vocabulary.Tokenize("caption en\n"), 3);
        prefix = prefix with { Rows = prefix.TextTokens.Length };
        List<string> events = [];

        // The loop's thread alone writes the events; all requests wait before the first is taken on.
        using ManualResetEventSlim start = new();
        Recorded gate = new("gate", 1, prefix, _ => start.Wait());
        Recorded longAnswer = new("long", 100, prefix, events.Add);
        Recorded[] shortAnswers = [.. Enumerable.Range(0, 20).Select(index => new Recorded($"short{index}", 1, prefix, events.Add))];
        loop.Submit(gate);
        loop.Submit(longAnswer);
        foreach (Recorded answer in shortAnswers) loop.Submit(answer);
        start.Set();
        await Task.WhenAll([longAnswer.Completion, .. shortAnswers.Select(answer => answer.Completion)]).WaitAsync(TimeSpan.FromSeconds(60));

        int[] prefixes = [.. events.Index().Where(item => item.Item.EndsWith("prefix", StringComparison.Ordinal)).Select(item => item.Index)];
        Assert.Equal(21, prefixes.Length);
        foreach ((int from, int to) in prefixes.Zip(prefixes.Skip(1))) Assert.Single(events[from..to], "long token");
        // And the short ones do not wait for the end of the long one.
        Assert.InRange(events[..prefixes[^1]].Count(item => item == "long token"), 20, 22);
        // In the order in which they came.
        Assert.Equal(["long prefix", .. Enumerable.Range(0, 20).Select(index => $"short{index} prefix")], prefixes.Select(index => events[index]));
    }

    private sealed class Recorded(string name, int steps, PrefixContent prefix, Action<string> record) : RepeatedToken(prefix, steps)
    {
        protected override void Start(SequenceSet sequences, TimeSpan time, TokenDistribution distribution)
        {
            base.Start(sequences, time, distribution);
            record($"{name} prefix");
        }

        protected override void Decoded(int step) => record($"{name} token");
    }
}
