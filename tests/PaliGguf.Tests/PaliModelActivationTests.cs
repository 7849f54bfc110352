using System.Numerics.Tensors;
using PaliGguf.Conversion;
using PaliGguf.Gguf;
using PaliGguf.Imaging;
using PaliGguf.Interop;
using PaliGguf.Language;
using PaliGguf.Vision;

namespace PaliGguf.Tests;

/// <summary>What an observer of a model's products is shown.</summary>
public sealed class PaliModelActivationTests
{
    [Theory]
    [InlineData("tiny-g1", ModelFileType.F32)]
    [InlineData("tiny-g2", ModelFileType.F16)]
    [InlineData("tiny-g2", ModelFileType.Q8_0)]
    public async Task Every_matrix_of_both_halves_is_seen_and_nothing_else(string name, ModelFileType type)
    {
        ConversionResult pair = await ConvertedModels.Golden(name, type);
        Recorder seen = await RunAsync(name, type, "caption en");
        using GgufFile text = GgufFile.Open(pair.TextPath);
        using GgufFile vision = GgufFile.Open(pair.VisionPath);
        GgufTensor[] matrices =
        [
            .. text.Tensors.Where(tensor => tensor.Shape.Length == 2),
            .. vision.Tensors.Where(tensor => tensor.Shape.Length >= 2 && tensor.Name != "v.position_embd.weight" && !tensor.Name.StartsWith("mask.", StringComparison.Ordinal)),
        ];
        Assert.Equal(matrices.Select(tensor => tensor.Name).Order(StringComparer.Ordinal), seen.Rows.Keys.Order(StringComparer.Ordinal));
        foreach (GgufTensor tensor in matrices)
        {
            // The patch matrix has the patch's pixels in three dimensions.
            long length = tensor.Shape.Length == 4 ? tensor.Shape[0] * tensor.Shape[1] * tensor.Shape[2] : tensor.RowLength;
            Assert.Equal(length, seen.RowLength[tensor.Name]);
        }
    }

    [Fact]
    public async Task The_number_of_rows_is_that_of_patches_and_tokens()
    {
        Recorder seen = await RunAsync("tiny-g2", ModelFileType.F32, "caption en");
        int prefix = seen.Answer!.PrefixTokens;
        int steps = seen.Answer.Tokens.Count - 1;
        Assert.Equal(256, seen.RowCount("v.patch_embd.weight"));
        Assert.Equal(256, seen.RowCount("mm.0.weight"));
        Assert.Equal(prefix + steps, seen.RowCount("blk.0.attn_q.weight"));
        // Of the prefix only the last row's logits are wanted.
        Assert.Equal(1 + steps, seen.RowCount("token_embd.weight"));
    }

    [Fact]
    public async Task The_first_layer_sees_the_normed_embeddings()
    {
        using GgufFile file = GgufFile.Open((await ConvertedModels.Golden("tiny-g2", ModelFileType.F32)).TextPath);
        Recorder seen = new();
        using PaliModel model = await Models.LoadAsync(ConvertedModels.Golden("tiny-g2", ModelFileType.F32), Models.OneThread with { Activations = seen });
        // A prompt without a picture: its first token begins the sequence.
        await model.GenerateAsync(new GenerationRequest { Prompt = "caption en", MaxTokens = 1 }).Result;
        float[] row = Row(file, "token_embd.weight", (int)file.Metadata.GetUInt32("tokenizer.ggml.bos_token_id"));
        double scale = Math.Sqrt(row.Length);
        double meanSquare = row.Sum(value => value * scale * value * scale) / row.Length;
        float[] gain = Row(file, "blk.0.attn_norm.weight", 0);
        float[] expected = [.. row.Select((value, index) => (float)(value * scale / Math.Sqrt(meanSquare + file.Metadata.GetSingle("gemma2.attention.layer_norm_rms_epsilon")) * gain[index]))];
        AssertClose(expected, seen.Rows["blk.0.attn_q.weight"][..row.Length], 1e-5f);
        Assert.Equal(seen.Rows["blk.0.attn_q.weight"], seen.Rows["blk.0.attn_v.weight"]);
    }

    [Fact]
    public async Task The_rows_times_the_projector_are_the_soft_tokens()
    {
        using GgufFile file = GgufFile.Open((await ConvertedModels.Golden("tiny-g1", ModelFileType.F32)).VisionPath);
        VisionLayout layout = VisionLayout.Read(file);
        Recorder seen = new();
        using VisionTower tower = new(
            file, layout, ComputeDevice.Cpu(), new TowerSettings(Threads: 1), Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, activations: seen);
        float[] softTokens = await tower.EncodeAsync(tower.Resize(Picture("tiny-g1")), CancellationToken.None);
        float[] bias = Row(file, "mm.0.bias", 0);
        float[] expected = new float[softTokens.Length];
        for (int index = 0; index < expected.Length; index++)
        {
            (int patch, int column) = Math.DivRem(index, layout.ProjectionLength);
            ReadOnlySpan<float> input = seen.Rows["mm.0.weight"].AsSpan(patch * layout.HiddenLength, layout.HiddenLength);
            expected[index] = (TensorPrimitives.Dot(input, Row(file, "mm.0.weight", column)) + bias[column]) / MathF.Sqrt(layout.ProjectionLength);
        }

        AssertClose(expected, softTokens, 1e-5f);
    }

    [Fact]
    public async Task Weights_that_are_repacked_see_nearly_the_same()
    {
        Recorder plain = await RunAsync("tiny-g2", ModelFileType.F32, "caption en", maxTokens: 1);
        Recorder repacked = await RunAsync("tiny-g2", ModelFileType.Q8_0, "caption en", maxTokens: 1);
        foreach (string weight in new[] { "v.patch_embd.weight", "v.blk.0.attn_q.weight", "v.blk.0.ffn_down.weight", "blk.0.attn_q.weight", "blk.0.ffn_up.weight" })
        {
            float[] expected = plain.Rows[weight];
            Assert.Equal(expected.Length, repacked.Rows[weight].Length);
            Assert.InRange(TensorPrimitives.CosineSimilarity(expected, repacked.Rows[weight]), 0.99f, 1.0001f);
        }
    }

    [Fact]
    public async Task Being_watched_changes_no_answer()
    {
        using PaliModel model = await Models.LoadAsync(ConvertedModels.Golden("tiny-g2", ModelFileType.F32));
        GenerationResult unwatched = await model.GenerateAsync(Request("tiny-g2", "caption en", 8)).Result;
        GenerationResult watched = (await RunAsync("tiny-g2", ModelFileType.F32, "caption en", 8)).Answer!;
        Assert.Equal(unwatched.Tokens, watched.Tokens);
        // What is watched is multiplied by the library, in another order of sums.
        AssertClose([.. unwatched.LogProbabilities], [.. watched.LogProbabilities], 3e-3f);
    }

    [Fact]
    public async Task Loading_shows_nothing()
    {
        Recorder seen = new();
        using PaliModel model = await Models.LoadAsync(ConvertedModels.Golden("tiny-g1", ModelFileType.F32), Models.OneThread with { Activations = seen });
        Assert.Empty(seen.Rows);
    }

    [Theory]
    [InlineData("v.blk.0.attn_q.weight")]
    [InlineData("blk.1.ffn_up.weight")]
    public async Task What_the_observer_throws_reaches_the_caller_and_the_model_goes_on(string weight)
    {
        Recorder seen = new() { ThrowAt = weight };
        using PaliModel model = await Models.LoadAsync(ConvertedModels.Golden("tiny-g2", ModelFileType.F32), Models.OneThread with { Activations = seen });
        NotSupportedException failure = await Assert.ThrowsAsync<NotSupportedException>(() => model.GenerateAsync(Request("tiny-g2", "caption en", 2)).Result);
        Assert.Equal(weight, failure.Message);
        seen.ThrowAt = null;
        Assert.Equal(2, (await model.GenerateAsync(Request("tiny-g2", "caption en", 2)).Result).Tokens.Count);
    }

    private static async Task<Recorder> RunAsync(string name, ModelFileType type, string prompt, int maxTokens = 3)
    {
        Recorder seen = new();
        using PaliModel model = await Models.LoadAsync(ConvertedModels.Golden(name, type), Models.OneThread with { Activations = seen });
        seen.Answer = await model.GenerateAsync(Request(name, prompt, maxTokens)).Result;
        return seen;
    }

    private static GenerationRequest Request(string name, string prompt, int maxTokens) =>
        new() { Images = [Picture(name)], Prompt = prompt, MaxTokens = maxTokens, IgnoreEos = true };

    private static RgbImage Picture(string name) => ImageFile.Load(Path.Combine(Repository.Golden(name), "image0.png"));

    private static float[] Row(GgufFile file, string tensor, int row)
    {
        GgufTensor found = file.GetTensor(tensor);
        float[] values = new float[found.RowLength];
        GgmlRows.Dequantize(found.Type, file.GetRows(found, row, 1), values);
        return values;
    }

    private static void AssertClose(float[] expected, float[] actual, float tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.InRange(TensorPrimitives.Distance(expected, actual), 0, tolerance * TensorPrimitives.Norm<float>(expected));
    }

    private sealed class Recorder : IActivationObserver
    {
        public Dictionary<string, float[]> Rows { get; } = new(StringComparer.Ordinal);

        public Dictionary<string, int> RowLength { get; } = new(StringComparer.Ordinal);

        public GenerationResult? Answer { get; set; }

        public string? ThrowAt { get; set; }

        public int RowCount(string weight) => Rows[weight].Length / RowLength[weight];

        public void Observe(string weight, ReadOnlySpan<float> rows, int rowLength)
        {
            if (weight == ThrowAt) throw new NotSupportedException(weight);
            Rows[weight] = [.. Rows.GetValueOrDefault(weight, []), .. rows];
            RowLength[weight] = rowLength;
        }
    }
}
