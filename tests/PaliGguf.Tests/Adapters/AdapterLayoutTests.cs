using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Adapters;
using PaliGguf.Gguf;

namespace PaliGguf.Tests.Adapters;

/// <summary>What the native loader would end the process over, pass over in silence or compute nonsense with is refused in one line before.</summary>
public sealed class AdapterLayoutTests : IDisposable
{
    private const string Query = "blk.1.attn_q.weight";

    private static readonly Dictionary<string, (Func<GgufEdits, GgufEdits> Spoil, string Told)> Faults = new(StringComparer.Ordinal)
    {
        ["it has no general type"] = (file => file.Without("general.type"), "general.type is missing"),
        ["it is a model"] = (file => file.With("general.type", "model"), "general.type is 'model'"),
        ["its general type is a number"] = (file => file.With("general.type", 7u), "general.type"),
        ["its adapter type is missing"] = (file => file.Without("adapter.type"), "adapter.type is missing"),
        ["its adapter type is another"] = (file => file.With("adapter.type", "loha"), "adapter.type is 'loha'"),
        ["its adapter type is a number"] = (file => file.With("adapter.type", 1f), "adapter.type"),
        ["its architecture is another"] = (file => file.With("general.architecture", "gemma"), "the adapter is for 'gemma'"),
        ["its architecture is missing"] = (file => file.Without("general.architecture"), "general.architecture is missing"),
        ["its alpha is a whole number"] = (file => file.With("adapter.lora.alpha", 16u), "adapter.lora.alpha"),
        ["its alpha is text"] = (file => file.With("adapter.lora.alpha", "16"), "adapter.lora.alpha"),
        ["its alpha is no number"] = (file => file.With("adapter.lora.alpha", float.NaN), "adapter.lora.alpha is NaN"),
        ["its alpha is infinite"] = (file => file.With("adapter.lora.alpha", float.PositiveInfinity), "adapter.lora.alpha is"),
        ["its alpha is negative"] = (file => file.With("adapter.lora.alpha", -16f), "adapter.lora.alpha is -16"),
        ["it begins in the middle of a text"] = (file => file.With("adapter.alora.invocation_tokens", new[] { 1u, 2u }), "activated LoRA"),
        ["a first factor is missing"] = (file => file.WithoutTensor(Query + ".lora_a"), Query + ".lora_a is missing"),
        ["a second factor is missing"] = (file => file.WithoutTensor(Query + ".lora_b"), Query + ".lora_b is missing"),
        ["a first factor is too long"] = (file => file.WithTensor(Query + ".lora_a", GgmlType.F32, 288, 8), Query + ".lora_a is [288, 8], expected [256, 8]"),
        ["a second factor is too long"] = (file => file.WithTensor(Query + ".lora_b", GgmlType.F32, 8, 257), Query + ".lora_b is [8, 257], expected [8, 256]"),
        ["the ranks differ"] = (file => file.WithTensor(Query + ".lora_b", GgmlType.F32, 4, 256), Query + ".lora_"),
        ["a rank is beyond reason"] = (file => file.WithTensor(Query + ".lora_a", GgmlType.F16, 256, 5000).WithTensor(Query + ".lora_b", GgmlType.F16, 5000, 256), "no rank from 1 to 4096"),
        ["a factor has three dimensions"] = (file => file.WithTensor(Query + ".lora_a", GgmlType.F32, 256, 8, 2), Query + ".lora_a"),
        ["factors are of integers"] = (file => file.WithTensor(Query + ".lora_a", GgmlType.I32, 256, 8), "is I32"),
        ["factors are of doubles"] = (file => file.WithTensor(Query + ".lora_b", GgmlType.F64, 8, 256), "is F64"),
        ["factors are of another quantized type"] = (file => file.WithTensor(Query + ".lora_a", GgmlType.Q4_0, 256, 8), "lora_a is Q4_0, expected F32, F16, BF16 or Q8_0"),
        ["factors are no numbers"] = (file => file.WithTensor(Query + ".lora_b", GgmlType.F32, 8, 256), "not finite"),
        ["a tensor is of no layer"] = (file => file.WithTensor("blk.9.attn_q.weight.lora_a", GgmlType.F32, 256, 8).WithTensor("blk.9.attn_q.weight.lora_b", GgmlType.F32, 8, 256), "'blk.9.attn_q.weight.lora_a' is for nothing"),
        ["the embedding is adapted"] = (file => file.WithTensor("token_embd.weight.lora_a", GgmlType.F32, 8, 2112).WithTensor("token_embd.weight.lora_b", GgmlType.F32, 8, 256), "'token_embd.weight.lora_a' is for nothing"),
        ["a norm is adapted"] = (file => file.WithTensor("blk.1.attn_norm.weight.lora_a", GgmlType.F32, 256), "'blk.1.attn_norm.weight.lora_a' is for nothing"),
        ["a norm is there, which the library would pass over"] = (file => file.WithTensor("blk.1.attn_norm.weight", GgmlType.F32, 256), "'blk.1.attn_norm.weight' is for nothing"),
        ["a suffix is there twice"] = (file => file.WithTensor(Query + ".lora_a.lora_a", GgmlType.F32, 256, 8), ".lora_a.lora_a' is for nothing"),
        ["a name is only a suffix"] = (file => file.WithTensor(".lora_a", GgmlType.F32, 256, 8), "'.lora_a' is for nothing"),
        ["a tensor is of something else"] = (file => file.WithTensor("surprise", GgmlType.F32, 8), "'surprise' is for nothing"),
    };

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Names => [.. Faults.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Names))]
    public async Task An_adapter_is_refused_when(string fault)
    {
        AdaptedModel adapted = await AdaptedModels.Golden("tiny-g2");
        string path = Faults[fault].Spoil(new GgufEdits { Fill = 0xFF }).Write(adapted.Adapter, _folder.File("bad.gguf"));
        ModelFormatException refusal = await Assert.ThrowsAsync<ModelFormatException>(() => Load(adapted, path));
        Assert.Equal(path, refusal.Path);
        Assert.Contains(Faults[fault].Told, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public async Task An_adapter_without_tensors_is_refused()
    {
        AdaptedModel adapted = await AdaptedModels.Golden("tiny-g2");
        GgufWriter writer = new();
        writer.Set("general.type", "adapter");
        writer.Set("general.architecture", "gemma2");
        writer.Set("adapter.type", "lora");
        writer.Write(_folder.File("empty.gguf"));
        Assert.Contains("no tensors", (await Assert.ThrowsAsync<ModelFormatException>(() => Load(adapted, _folder.File("empty.gguf")))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(GgmlType.F16)]
    [InlineData(GgmlType.BF16)]
    [InlineData(GgmlType.Q8_0)]
    public async Task Factors_of_the_types_that_converters_write_load(GgmlType type)
    {
        AdaptedModel adapted = await AdaptedModels.Golden("tiny-g2");
        string path = new GgufEdits().Store(tensor => tensor.RowLength % type.BlockSize == 0 ? type : GgmlType.F32).Write(adapted.Adapter, _folder.File("stored.gguf"));
        using PaliModel model = await Load(adapted, path);
        Assert.Equal(4, (await model.GenerateAsync(new() { Prompt = "cap en", MaxTokens = 4, IgnoreEos = true }).Result).Tokens.Count);
    }

    [Fact]
    public async Task An_adapter_of_rank_1_loads_whose_first_factor_is_a_row()
    {
        AdaptedModel adapted = await AdaptedModels.Golden("tiny-g2");
        string path =
            new GgufEdits().WithTensor(Query + ".lora_a", GgmlType.F32, 256, 1).WithTensor(Query + ".lora_b", GgmlType.F32, 1, 256)
                .Write(adapted.Adapter, _folder.File("row.gguf"));
        using PaliModel model = await Load(adapted, path);
        Assert.Equal(4, (await model.GenerateAsync(new() { Prompt = "cap en", MaxTokens = 4, IgnoreEos = true }).Result).Tokens.Count);
    }

    [Fact]
    public async Task A_missing_alpha_is_a_scale_of_1()
    {
        AdaptedModel adapted = await AdaptedModels.Golden("tiny-g2");
        using PaliModel given = await Load(adapted, new GgufEdits().With("adapter.lora.alpha", 8f).Write(adapted.Adapter, _folder.File("given.gguf")));
        using PaliModel missing = await Load(adapted, new GgufEdits().Without("adapter.lora.alpha").Write(adapted.Adapter, _folder.File("missing.gguf")));
        PaliGguf.Language.GenerationRequest request = new() { Prompt = "cap en", MaxTokens = 8, IgnoreEos = true };
        Assert.Equal((await given.GenerateAsync(request).Result).LogProbabilities, (await missing.GenerateAsync(request).Result).LogProbabilities);
    }

    [Fact]
    public async Task Damaged_bytes_are_refused_or_do_no_harm()
    {
        AdaptedModel adapted = await AdaptedModels.Golden("tiny-g2");
        byte[] sound = await File.ReadAllBytesAsync(adapted.Adapter);
        using GgufFile model = GgufFile.Open(adapted.Pair.TextPath);
        Prop.ForAll(Gen.Choose(0, 6000).Zip(Gen.Choose(0, 255)).ToArbitrary(), change =>
        {
            byte[] damaged = [.. sound];
            damaged[change.Item1] = (byte)change.Item2;
            using TemporaryFolder folder = new();
            try
            {
                using GgufFile file = GgufFile.Open(folder.Write("damaged.gguf", damaged));
                Assert.Equal(21, AdapterLayout.Read(file, model).Modules);
            }
            catch (ModelFormatException refusal)
            {
                Assert.DoesNotContain('\n', refusal.Message);
            }
        }).QuickCheckThrowOnFailure();
    }

    private static Task<PaliModel> Load(AdaptedModel adapted, string adapter) =>
        PaliModel.LoadAsync(adapted.Pair.TextPath, Models.OneThread with { Adapters = [new AdapterFile(adapter)], ContextLength = 512 });
}
