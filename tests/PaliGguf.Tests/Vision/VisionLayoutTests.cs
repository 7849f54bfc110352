using PaliGguf.Conversion;
using PaliGguf.Gguf;
using PaliGguf.Vision;

namespace PaliGguf.Tests.Vision;

/// <summary>What a vision file must hold: a sound one (2 layers, width 144, 2 heads, 224 px in patches of 14, for a decoder of width 256), one thing changed at a time.</summary>
public sealed class VisionLayoutTests : IDisposable
{
    private static readonly string[] Optional =
    [
        "general.type", "general.name", "general.file_type", "general.quantization_version", "clip.has_vision_encoder", "clip.projector_type", "clip.use_gelu",
        "clip.vision.projection_dim", "clip.vision.image_mean", "clip.vision.image_std",
    ];

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, uint, string> NumbersOutOfRange => new()
    {
        { "clip.vision.image_size", 0, "1 to 8192" },
        { "clip.vision.image_size", 8193, "1 to 8192" },
        { "clip.vision.image_size", 225, "not a multiple of the patch size 14" },
        { "clip.vision.image_size", 448, "v.position_embd.weight is [144, 256], expected [144, 1024]" },
        { "clip.vision.image_size", 8190, "at most 16384" },
        { "clip.vision.patch_size", 0, "1 to 256" },
        { "clip.vision.patch_size", 257, "1 to 256" },
        { "clip.vision.patch_size", 1, "at most 16384" },
        { "clip.vision.patch_size", 16, "v.patch_embd.weight is [14, 14, 3, 144], expected [16, 16, 3, 144]" },
        { "clip.vision.embedding_length", 0, "1 to 65536" },
        { "clip.vision.embedding_length", 288, "expected [14, 14, 3, 288]" },
        { "clip.vision.feed_forward_length", uint.MaxValue, "1 to 65536" },
        { "clip.vision.feed_forward_length", 512, "expected [144, 512]" },
        { "clip.vision.block_count", 0, "1 to 512" },
        { "clip.vision.block_count", 3, "v.blk.2.ln1.weight is missing" },
        { "clip.vision.block_count", 1, "a further block, v.blk.1.*" },
        { "clip.vision.attention.head_count", 0, "1 to 1024" },
        { "clip.vision.attention.head_count", 5, "do not divide" },
    };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_sound_file_is_read()
    {
        VisionLayout layout = await ReadAsync(new GgufEdits());
        Assert.Equal((224, 14, 144, 2, 2, 256, 256, 72), (layout.ImageSize, layout.PatchSize, layout.HiddenLength, layout.LayerCount, layout.HeadCount, layout.ProjectionLength, layout.Patches, layout.HeadLength));
        Assert.Equal(("mm.0", false), (layout.Projector, layout.SwappedFeedForward));
    }

    [Fact]
    public async Task Each_key_that_is_missing_is_named()
    {
        using GgufFile file = GgufFile.Open(await SourceAsync());
        foreach (string key in file.Metadata.Keys.Except(Optional).ToArray()) Assert.Contains($"'{key}'", await ProblemAsync(new GgufEdits().Without(key)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_key_of_another_type_is_named()
    {
        using GgufFile file = GgufFile.Open(await SourceAsync());
        foreach (string key in file.Metadata.Keys.Except(Optional).ToArray()) Assert.Contains($"'{key}'", await ProblemAsync(new GgufEdits().With(key, true)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_that_have_defaults_may_be_missing()
    {
        VisionLayout layout = await ReadAsync(Optional.Aggregate(new GgufEdits(), (all, key) => all.Without(key)));
        Assert.Equal(144, layout.HiddenLength);
    }

    [Theory]
    [MemberData(nameof(NumbersOutOfRange))]
    public async Task A_number_out_of_range_is_refused(string key, uint value, string expected) =>
        Assert.Contains(expected, await ProblemAsync(new GgufEdits().With(key, value)), StringComparison.Ordinal);

    [Theory]
    [InlineData("clip.use_silu", true, "clip.use_silu is true, but PaliGemma's tower computes GELU")]
    [InlineData("clip.use_gelu", false, "clip.use_gelu is false, which stands for the quick approximation of GELU")]
    [InlineData("clip.has_vision_encoder", false, "clip.has_vision_encoder is false")]
    [InlineData("clip.projector_type", "gemma3", "clip.projector_type is 'gemma3': PaliGemma's projector is a linear one")]
    [InlineData("clip.vision.projector_type", "ldp", "clip.vision.projector_type is 'ldp'")]
    [InlineData("clip.vision.feature_layer", new[] { 1 },
        "clip.vision.feature_layer is [1]: PaliGemma's projector sees the last of 2 layers")]
    [InlineData("clip.vision.feature_layer", new[] { 1, 2 }, "clip.vision.feature_layer is [1, 2]")]
    public async Task A_key_that_asks_for_another_computation_is_named(string key, object value, string expected) =>
        Assert.Contains(expected, await ProblemAsync(With(key, value)), StringComparison.Ordinal);

    [Theory]
    [InlineData("clip.use_silu", false)]
    [InlineData("clip.projector_type", "mlp")]
    [InlineData("clip.vision.projector_type", "paligemma2")]
    [InlineData("clip.vision.feature_layer", new[] { 2 })]
    public async Task A_key_that_asks_for_this_computation_is_fine(string key, object value) =>
        Assert.Equal(144, (await ReadAsync(With(key, value))).HiddenLength);

    [Fact]
    public async Task Keys_that_nobody_knows_are_warned_of()
    {
        Recorder recorder = new();
        GgufEdits edits = new GgufEdits().With("clip.vision.spatial_merge_size", 2u).With("clip.window", true).With("general.author", "x");
        using GgufFile file = GgufFile.Open(edits.Write(await SourceAsync(), _folder.File("vision.gguf")));
        VisionKeys.WarnOfUnknown(file, recorder);
        Assert.Equal(
            [$"Warning: {file.Path}: unknown and not taken into account: 'clip.vision.spatial_merge_size', 'clip.window'"], recorder.Lines);

        using GgufFile own = GgufFile.Open(await SourceAsync());
        recorder.Lines.Clear();
        VisionKeys.WarnOfUnknown(own, recorder);
        Assert.Empty(recorder.Lines);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(-1e-6f)]
    [InlineData(float.PositiveInfinity)]
    public async Task The_epsilon_is_a_small_positive_number(float epsilon) =>
        Assert.Contains("layer_norm_epsilon", await ProblemAsync(new GgufEdits().With("clip.vision.attention.layer_norm_epsilon", epsilon)), StringComparison.Ordinal);

    [Theory]
    [InlineData("gemma", "this is a text model")]
    [InlineData("gemma2", "this is a text model")]
    [InlineData("llama", "vision models are 'clip'")]
    [InlineData("cl\nip", "'cl?ip'")]
    public async Task A_file_of_another_kind_is_refused(string architecture, string expected) =>
        Assert.Contains(expected, await ProblemAsync(new GgufEdits().With("general.architecture", architecture)), StringComparison.Ordinal);

    [Theory]
    [InlineData("clip.vision.image_mean", new[] { 0.5f, 0.5f })]
    [InlineData("clip.vision.image_mean", new[] { 0.5f, float.NaN, 0.5f })]
    [InlineData("clip.vision.image_std", new[] { 0.5f, 0, 0.5f })]
    [InlineData("clip.vision.image_std", new[] { 0.5f, -1, 0.5f })]
    [InlineData("clip.vision.image_std", new[] { 0.5f, float.PositiveInfinity, 0.5f })]
    [InlineData("clip.vision.image_std", new float[0])]
    public async Task The_normalisation_has_three_sound_numbers(string key, float[] values) =>
        Assert.Contains("three finite numbers", await ProblemAsync(new GgufEdits().With(key, values)), StringComparison.Ordinal);

    [Theory]
    [InlineData("v.patch_embd.bias")]
    [InlineData("v.position_embd.weight")]
    [InlineData("v.blk.1.attn_out.bias")]
    [InlineData("v.post_ln.weight")]
    [InlineData("mm.0.bias")]
    public async Task A_missing_tensor_is_named(string name) =>
        Assert.Contains(name + " is missing", await ProblemAsync(new GgufEdits().WithoutTensor(name)), StringComparison.Ordinal);

    [Fact]
    public async Task A_missing_projector_is_explained() =>
        Assert.Contains("there is no linear projector", await ProblemAsync(new GgufEdits().WithoutTensor("mm.0.weight")), StringComparison.Ordinal);

    [Theory]
    [InlineData("mm.0.weight", GgmlType.F32, new long[] { 128, 256 }, "[128, 256], expected [144, 256]")]
    [InlineData("mm.0.bias", GgmlType.F32, new long[] { 255 }, "[255], expected [256]")]
    [InlineData("v.blk.0.attn_q.weight", GgmlType.F32, new long[] { 144, 145 }, "[144, 145], expected [144, 144]")]
    [InlineData("v.blk.0.attn_q.weight", GgmlType.I32, new long[] { 144, 144 }, "I32")]
    [InlineData("v.blk.0.attn_q.bias", GgmlType.I16, new long[] { 144 }, "I16")]
    [InlineData("v.patch_embd.weight", GgmlType.F64, new long[] { 14, 14, 3, 144 }, "F64")]
    [InlineData("v.position_embd.weight", GgmlType.I8, new long[] { 144, 256 }, "I8")]
    public async Task A_tensor_of_another_shape_or_type_is_named(string name, GgmlType type, long[] shape, string expected) =>
        Assert.Contains($"{name} is {expected}", await ProblemAsync(new GgufEdits().WithTensor(name, type, shape)), StringComparison.Ordinal);

    [Fact]
    public async Task Several_faults_are_listed_in_one_error()
    {
        string problem = await ProblemAsync(new GgufEdits().WithoutTensor("v.blk.0.ln1.bias").WithTensor("v.post_ln.bias", GgmlType.F32, 143));
        Assert.EndsWith("v.blk.0.ln1.bias is missing; v.post_ln.bias is [143], expected [144].", problem, StringComparison.Ordinal);
    }

    private static GgufEdits With(string key, object value) => value switch
    {
        bool flag => new GgufEdits().With(key, flag),
        string text => new GgufEdits().With(key, text),
        _ => new GgufEdits().With(key, (int[])value),
    };

    private static async Task<string> SourceAsync() => (await ConvertedModels.Golden("tiny-g2", ModelFileType.F32)).VisionPath;

    private async Task<VisionLayout> ReadAsync(GgufEdits edits)
    {
        using GgufFile file = GgufFile.Open(edits.Write(await SourceAsync(), _folder.File("vision.gguf")));
        return VisionLayout.Read(file);
    }

    private async Task<string> ProblemAsync(GgufEdits edits)
    {
        ModelFormatException refusal = await Assert.ThrowsAsync<ModelFormatException>(() => ReadAsync(edits));
        Assert.StartsWith(_folder.File("vision.gguf") + ": ", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
        return refusal.Problem;
    }
}
