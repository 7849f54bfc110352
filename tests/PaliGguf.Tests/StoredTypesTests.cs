using PaliGguf.Conversion;
using PaliGguf.Gguf;
using PaliGguf.Language;

namespace PaliGguf.Tests;

/// <summary>The native code never sees a tensor of a type that it would end the process over.</summary>
public sealed class StoredTypesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<GgmlType> Types => [.. Enum.GetValues<GgmlType>()];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Decoder_matrices_of_any_type_answer_or_are_refused(GgmlType type)
    {
        ConversionResult pair = await ConvertedModels.Golden("tiny-g2", ModelFileType.F32);
        string text = Replace(pair.TextPath, type, "blk.1.ffn_down.weight", "blk.2.attn_q.weight");
        await AssertAnswersOrIsRefusedAsync(text, pair.VisionPath, mustAnswer: IsCommon(type));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task An_embedding_of_zeros_is_refused_whatever_its_type(GgmlType type)
    {
        ConversionResult pair = await ConvertedModels.Golden("tiny-g2", ModelFileType.F32);
        string text = Replace(pair.TextPath, type, "token_embd.weight");
        ModelFormatException refusal = await Assert.ThrowsAsync<ModelFormatException>(() => PaliModel.LoadAsync(text, Models.OneThread with { VisionPath = pair.VisionPath }));
        if (IsCommon(type)) Assert.Contains("all 0 or no numbers", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Tower_tensors_of_any_type_answer_or_are_refused(GgmlType type)
    {
        ConversionResult pair = await ConvertedModels.PaliNano(ModelFileType.Q8_0);
        string vision = Replace(pair.VisionPath, type, "v.blk.0.ffn_up.weight", "v.blk.0.ffn_down.weight", "mm.0.weight", "v.blk.1.attn_out.bias", "v.position_embd.weight");
        await AssertAnswersOrIsRefusedAsync(pair.TextPath, vision, mustAnswer: IsCommon(type));
    }

    [Fact]
    public async Task Weights_that_are_no_numbers_fail_the_request_and_do_not_hang_the_next()
    {
        ConversionResult pair = await ConvertedModels.Golden("tiny-g2", ModelFileType.F32);
        string vision = new GgufEdits { Fill = 0xFF }.WithTensor("mm.0.bias", GgmlType.F32, 256).Write(pair.VisionPath, _folder.File("vision.gguf"));
        using PaliModel model = await PaliModel.LoadAsync(pair.TextPath, Models.OneThread with { VisionPath = vision, ContextLength = 512 });
        GenerationRequest request = new() { Images = [RgbImage.FromRgb(new byte[3], 1, 1)], Prompt = "cap en", MaxTokens = 2, IgnoreEos = true };
        for (int round = 0; round < 2; round++)
        {
            InferenceException failure = await Assert.ThrowsAsync<InferenceException>(() => model.GenerateAsync(request).Result);
            Assert.Contains("NaN", failure.Message, StringComparison.Ordinal);
        }

        Generation streamed = model.GenerateAsync(request);
        await Assert.ThrowsAsync<InferenceException>(async () => await streamed.ToListAsync());
        GenerationResult textAlone = await model.GenerateAsync(request with { Images = [] }).Result;
        Assert.Equal(2, textAlone.Tokens.Count);
    }

    private static bool IsCommon(GgmlType type) =>
        type is GgmlType.F32 or GgmlType.F16 or GgmlType.BF16 or GgmlType.Q8_0 or GgmlType.Q4_0 or GgmlType.Q4_K or GgmlType.Q6_K;

    /// <summary>Zeros of another type in place of those tensors whose rows it can hold.</summary>
    private string Replace(string source, GgmlType type, params string[] names)
    {
        using GgufFile file = GgufFile.Open(source);
        GgufEdits edits = names.Select(file.GetTensor).Where(tensor => tensor.RowLength % type.BlockSize == 0)
            .Aggregate(new GgufEdits(), (all, tensor) => all.WithTensor(tensor.Name, type, [.. tensor.Shape]));
        return edits.Write(source, _folder.File("stored.gguf"));
    }

    private static async Task AssertAnswersOrIsRefusedAsync(string text, string vision, bool mustAnswer)
    {
        try
        {
            using PaliModel model = await PaliModel.LoadAsync(text, Models.OneThread with { VisionPath = vision, ContextLength = 512 });
            await model.GenerateAsync(new GenerationRequest { Images = [RgbImage.FromRgb(new byte[3], 1, 1)], Prompt = "cap en", MaxTokens = 2, IgnoreEos = true }).Result;
        }
        catch (PaliException refusal)
        {
            Assert.False(mustAnswer, refusal.Message);
            Assert.DoesNotContain('\n', refusal.Message);
        }
    }
}
