using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using PaliGguf.Tests;

namespace PaliGguf.Conversion.Tests.Adapters;

public sealed class AdapterConverterTests : IDisposable
{
    private const string Query = "base_model.model.language_model.model.layers.1.self_attn.q_proj";
    private readonly TemporaryFolder _folder = new();

    private string Output => _folder.File("adapter.gguf");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, 16)]
    [InlineData(true, 45.254833995939045)]
    public async Task Factors_of_one_scale_are_stored_as_they_are(bool rankStabilized, double alpha)
    {
        using PeftFolder adapter = PeftFolder.ForText(CheckpointFolder.Gemma2);
        adapter.Config["use_rslora"] = rankStabilized;
        adapter.Save();

        AdapterConversionResult result = await Convert(adapter, ModelFileType.F32);

        Assert.Equal((Output, 21, new FileInfo(Output).Length), (result.Path, result.Modules, result.Bytes));
        RawGguf file = RawGguf.Read(result.Path);
        Assert.Equal("gemma2", file.Metadata["general.architecture"]);
        Assert.Equal("adapter", file.Metadata["general.type"]);
        Assert.Equal("lora", file.Metadata["adapter.type"]);
        Assert.Equal((float)alpha, file.Metadata["adapter.lora.alpha"]);
        Assert.Equal(42, file.Tensors.Count);
        IsStored(adapter.Tensors[Query + ".lora_A.weight"].Values, [256, 8], file.Tensors["blk.1.attn_q.weight.lora_a"]);
        IsStored(adapter.Tensors[Query + ".lora_B.weight"].Values, [8, 256], file.Tensors["blk.1.attn_q.weight.lora_b"]);
    }

    [Fact]
    public async Task Modules_that_scale_otherwise_than_most_have_the_rest_in_their_second_factor()
    {
        using PeftFolder adapter = PeftFolder.ForText(CheckpointFolder.Gemma2);
        adapter.Config["alpha_pattern"] = new JsonObject { ["q_proj"] = 4 };
        adapter.Save();

        RawGguf file = RawGguf.Read((await Convert(adapter, ModelFileType.F32)).Path);

        Assert.Equal(16f, file.Metadata["adapter.lora.alpha"]);
        IsStored([.. adapter.Tensors[Query + ".lora_B.weight"].Values.Select(value => value / 4)], [8, 256], file.Tensors["blk.1.attn_q.weight.lora_b"]);
        IsStored(adapter.Tensors[Query.Replace("q_proj", "k_proj", StringComparison.Ordinal) + ".lora_B.weight"].Values, [8, 128], file.Tensors["blk.1.attn_k.weight.lora_b"]);
    }

    [Fact]
    public async Task F16_is_what_is_stored_by_default()
    {
        using PeftFolder adapter = PeftFolder.ForText(CheckpointFolder.Gemma2).RenameToNewer().Save();
        AdapterConversionOptions options = new() { Source = adapter.Path, Model = (await Model()).TextPath, OutputPath = Output };
        RawGguf file = RawGguf.Read((await AdapterConverter.ConvertAsync(options)).Path);
        Assert.All(file.Tensors.Values, tensor => Assert.Equal(GgmlType.F16, tensor.Type));
    }

    [Fact]
    public async Task Numbers_beyond_F16_are_refused_and_leave_nothing()
    {
        using PeftFolder adapter = PeftFolder.ForText(CheckpointFolder.Gemma2);
        adapter.Tensors[Query + ".lora_B.weight"].Values[3] = 70000;
        adapter.Save();
        OneLineError.Check(await Assert.ThrowsAsync<ModelFormatException>(() => Convert(adapter, ModelFileType.F16)), "lora_B.weight holds 70000", "f32");
        Assert.False(File.Exists(Output));
    }

    [Fact]
    public async Task What_touches_more_than_the_text_model_is_to_be_merged()
    {
        using PeftFolder adapter = new PeftFolder(CheckpointFolder.Gemma2).Adapt("self_attn.q_proj", 8).Add("base_model.model.multi_modal_projector.linear.weight", 256, 144).Save();
        OneLineError.Check(
            await Assert.ThrowsAsync<ModelFormatException>(() => Convert(adapter, ModelFileType.F16)),
            "convert --adapter", "vision_tower.vision_model.encoder.layers.0.self_attn.q_proj", "multi_modal_projector.linear.weight");
    }

    [Fact]
    public async Task An_adapter_of_another_size_is_refused()
    {
        using PeftFolder adapter = PeftFolder.ForText(CheckpointFolder.PaliNano);
        OneLineError.Check(await Assert.ThrowsAsync<ModelFormatException>(() => Convert(adapter, ModelFileType.F16)), "does not fit", "tiny-Q8_0.gguf", "the model has no module", "and the model's is");
    }

    [Fact]
    public async Task A_vision_file_is_no_model_to_fit()
    {
        using PeftFolder adapter = PeftFolder.ForText(CheckpointFolder.Gemma2);
        AdapterConversionOptions options = new() { Source = adapter.Path, Model = (await Model()).VisionPath, OutputPath = Output };
        OneLineError.Check(await Assert.ThrowsAsync<ModelFormatException>(() => AdapterConverter.ConvertAsync(options)), "this is a vision model");
    }

    private static void IsStored(float[] values, long[] shape, (GgmlType Type, long[] Shape, byte[] Data) tensor)
    {
        Assert.Equal(GgmlType.F32, tensor.Type);
        Assert.Equal(shape, tensor.Shape);
        Assert.Equal(values, MemoryMarshal.Cast<byte, float>(tensor.Data).ToArray());
    }

    private Task<ConversionResult> Model() =>
        CheckpointConverter.ConvertAsync(new ConversionOptions { Source = CheckpointFolder.Gemma2, OutputFolder = _folder.Path, Name = "tiny" });

    private async Task<AdapterConversionResult> Convert(PeftFolder adapter, ModelFileType type) =>
        await AdapterConverter.ConvertAsync(new AdapterConversionOptions { Source = adapter.Path, Model = (await Model()).TextPath, OutputPath = Output, Type = type });
}
