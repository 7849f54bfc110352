using PaliGguf.Conversion;
using PaliGguf.Conversion.Quantization;
using PaliGguf.Evaluation.Samples;
using PaliGguf.Gguf;
using PaliGguf.Tests;

namespace PaliGguf.Evaluation.Tests;

public sealed class ImportanceGatheringTests
{
    [Fact]
    public async Task Both_halves_are_covered()
    {
        ConversionResult pair = await ConvertedModels.PaliNano(ModelFileType.Q8_0);
        ImportanceMatrix matrix = await GatherAsync(Scenes.Samples(1, 2), maxTokens: 8);
        using GgufFile text = GgufFile.Open(pair.TextPath);
        using GgufFile vision = GgufFile.Open(pair.VisionPath);
        foreach (GgufTensor tensor in text.Tensors.Concat(vision.Tensors).Where(tensor => tensor.Shape.Length == 2 && !tensor.Name.StartsWith("mask.", StringComparison.Ordinal)))
        {
            if (tensor.Name is "v.position_embd.weight") continue;
            Assert.Equal((int)tensor.RowLength, matrix.MeanSquares(tensor.Name)?.Length);
        }

        Assert.Equal(10, matrix.Chunks);
        Assert.Equal(["scenes"], matrix.Datasets);
        // A picture passes through the tower once, however many prompts there are.
        Assert.Equal(2 * 64, matrix.Rows("v.blk.0.attn_q.weight"));
    }

    [Fact]
    public async Task Answers_count_as_much_as_prefixes()
    {
        EvaluationSample[] samples = [Scenes.Samples(3)[1]];
        ImportanceMatrix prefix = await GatherAsync(samples, maxTokens: 1);
        ImportanceMatrix whole = await GatherAsync(samples, maxTokens: 4);
        const string Weight = "blk.2.ffn_down.weight";
        Assert.Equal(prefix.Rows(Weight) + 3, whole.Rows(Weight));
        // What the three rows of the answer add must be as large as if all rows of the prefix were like them.
        foreach ((float ofPrefix, float ofBoth) in prefix.MeanSquares(Weight)!.Zip(whole.MeanSquares(Weight)!)) Assert.InRange(ofBoth, ofPrefix * 0.4999f, float.MaxValue);
        Assert.Equal(prefix.MeanSquares("v.blk.0.attn_q.weight"), whole.MeanSquares("v.blk.0.attn_q.weight"));
    }

    [Fact]
    public async Task A_run_adds_to_earlier_ones()
    {
        ImportanceMatrix first = await GatherAsync([Scenes.Samples(1)[0]], maxTokens: 4);
        ImportanceMatrix second = await GatherAsync([Scenes.Samples(2)[0]], maxTokens: 4, earlier: first);
        Assert.Equal(2, second.Chunks);
        Assert.Equal(1, first.Chunks);
        Assert.Equal(128, second.Rows("v.blk.0.attn_q.weight"));
    }

    [Fact]
    public async Task An_earlier_run_of_another_model_is_refused()
    {
        ImportanceMatrix other = new();
        other.Observe("blk.0.attn_q.weight", new float[17], rowLength: 17);
        PaliException error = await Assert.ThrowsAsync<PaliException>(() => GatherAsync(Scenes.Samples(1), maxTokens: 1, other));
        Assert.Contains("different models", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_ends_it() => await Assert.ThrowsAnyAsync<OperationCanceledException>(
        async () => await ImportanceGathering.RunAsync(await OptionsAsync(Scenes.Samples(1), 4, null), cancellationToken: new CancellationToken(canceled: true)));

    private static async Task<ImportanceMatrix> GatherAsync(IReadOnlyList<EvaluationSample> samples, int maxTokens, ImportanceMatrix? earlier = null) =>
        await ImportanceGathering.RunAsync(await OptionsAsync(samples, maxTokens, earlier));

    private static async Task<ImportanceOptions> OptionsAsync(IReadOnlyList<EvaluationSample> samples, int maxTokens, ImportanceMatrix? earlier) => new()
    {
        Model = (await ConvertedModels.PaliNano(ModelFileType.Q8_0)).TextPath,
        ModelOptions = Models.OneThread,
        Samples = samples,
        MaxTokens = maxTokens,
        Dataset = "scenes",
        Earlier = earlier,
    };
}
