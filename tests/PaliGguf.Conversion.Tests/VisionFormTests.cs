using System.Runtime.InteropServices;
using PaliGguf.Tests;

namespace PaliGguf.Conversion.Tests;

/// <summary>The form of a vision file that llama.cpp's libmtmd loads. That it does, and sees what our tower sees, is tested with that
/// library (PaliGguf.LLamaSharp.Tests).</summary>
public sealed class VisionFormTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ModelFileType.F32, GgmlType.F32, 1e-5)]
    [InlineData(ModelFileType.F16, GgmlType.F16, 2e-3)]
    [InlineData(ModelFileType.Q8_0, GgmlType.F16, 2e-3)]
    public async Task Two_layers_with_an_activation_compute_the_linear_one(ModelFileType type, GgmlType ones, double tolerance)
    {
        RawGguf linear = RawGguf.Read((await Convert(VisionForm.PaliGemma, type)).VisionPath);
        RawGguf mlp = RawGguf.Read((await Convert(VisionForm.Mlp, type)).VisionPath);
        Assert.Equal(ones, mlp.Tensors["mm.0.weight"].Type);
        double[] weight = Values(linear, "mm.0.weight"), bias = Values(linear, "mm.0.bias");
        int rows = bias.Length, columns = weight.Length / rows;
        Random random = new(1);
        double[] x = [.. Enumerable.Range(0, columns).Select(_ => (random.NextDouble() - 0.5) * 8)];

        double[] hidden = Array.ConvertAll(Product(Values(mlp, "mm.0.weight"), x, Values(mlp, "mm.0.bias")), Gelu);
        double[] projected = Product(Values(mlp, "mm.2.weight"), hidden, Values(mlp, "mm.2.bias"));

        // As the decoder takes them: it multiplies its input with the root of its width.
        double[] expected = [.. Product(weight, x, bias).Select(value => value / Math.Sqrt(rows))];
        double largest = expected.Max(Math.Abs);
        Assert.All(expected.Zip(projected),
            pair => Assert.InRange(pair.Second, pair.First - (tolerance * largest), pair.First + (tolerance * largest)));
    }

    [Fact]
    public async Task The_tower_is_the_same_and_the_keys_are_what_libmtmd_asks_for()
    {
        ConversionResult ours = await Convert(VisionForm.PaliGemma, ModelFileType.Q8_0),
            theirs = await Convert(VisionForm.Mlp, ModelFileType.Q8_0);
        RawGguf linear = RawGguf.Read(ours.VisionPath), mlp = RawGguf.Read(theirs.VisionPath);
        Assert.Equal(linear.Tensors.Keys.Where(name => name.StartsWith("v.", StringComparison.Ordinal)),
            mlp.Tensors.Keys.Where(name => !name.StartsWith("mm.", StringComparison.Ordinal)));
        Assert.All(mlp.Tensors.Where(pair => pair.Key.StartsWith("v.", StringComparison.Ordinal)),
            pair => Assert.Equal(linear.Tensors[pair.Key].Data, pair.Value.Data));
        Assert.Equal("mlp", mlp.Metadata["clip.projector_type"]);
        Assert.Equal(true, mlp.Metadata["clip.has_llava_projector"]);
        Assert.Equal([(int)(uint)mlp.Metadata["clip.vision.block_count"]],
            Assert.IsType<object[]>(mlp.Metadata["clip.vision.feature_layer"]));
        Assert.Contains("paligguf.mask_decoder.version", linear.Metadata.Keys);
        Assert.DoesNotContain(mlp.Metadata.Keys, key => key.StartsWith("paligguf.", StringComparison.Ordinal));
        Assert.EndsWith("mmproj-nano-mlp-Q8_0.gguf", theirs.VisionPath, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ModelFileType.F32)]
    [InlineData(ModelFileType.Q8_0)]
    public async Task From_a_vision_file_comes_what_comes_from_the_checkpoint(ModelFileType type)
    {
        ConversionResult exact = await Convert(VisionForm.PaliGemma, ModelFileType.F32);
        RawGguf expected = RawGguf.Read((await Convert(VisionForm.Mlp, type)).VisionPath);
        QuantizationResult result =
            await ModelQuantizer.QuantizeAsync(
                new QuantizationOptions { Source = exact.VisionPath, Type = type, VisionForm = VisionForm.Mlp });
        Assert.Equal(Path.Combine(Path.GetDirectoryName(exact.VisionPath)!, $"mmproj-nano-mlp-{type}.gguf"), result.Path);
        RawGguf actual = RawGguf.Read(result.Path);
        Assert.Equal(expected.Metadata.Keys.Order(StringComparer.Ordinal), actual.Metadata.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(expected.Tensors.Keys.Order(StringComparer.Ordinal), actual.Tensors.Keys.Order(StringComparer.Ordinal));
        Assert.All(expected.Tensors, pair => Assert.Equal(pair.Value.Data, actual.Tensors[pair.Key].Data));
    }

    [Fact]
    public async Task What_is_of_that_form_stays_exact_when_it_is_stored_in_8_bits()
    {
        ConversionResult exact = await Convert(VisionForm.Mlp, ModelFileType.F32);
        RawGguf expected = RawGguf.Read((await Convert(VisionForm.Mlp, ModelFileType.Q8_0)).VisionPath);
        RawGguf actual =
            RawGguf.Read(
                (await ModelQuantizer.QuantizeAsync(
                    new QuantizationOptions { Source = exact.VisionPath, Type = ModelFileType.Q8_0 })).Path);
        Assert.Equal(GgmlType.F16, actual.Tensors["mm.0.weight"].Type);
        Assert.All(expected.Tensors, pair => Assert.Equal(pair.Value.Data, actual.Tensors[pair.Key].Data));
    }

    [Fact]
    public async Task PaliGguf_does_not_take_such_a_file_for_its_own()
    {
        ConversionResult result = await Convert(VisionForm.Mlp, ModelFileType.Q8_0);
        ModelFormatException refusal = await Assert.ThrowsAsync<ModelFormatException>(() => PaliModel.LoadAsync(result.TextPath));
        OneLineError.Check(refusal, result.VisionPath, "two layers (mm.2.weight)", "--vision-form mlp");
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused()
    {
        ConversionResult mlp = await Convert(VisionForm.Mlp, ModelFileType.F16);
        ConversionException back = await Assert.ThrowsAsync<ConversionException>(() => Quantize(mlp.VisionPath, VisionForm.PaliGemma));
        OneLineError.Check(back, mlp.VisionPath, "two layers");
        await Assert.ThrowsAsync<ArgumentException>(() => Quantize(mlp.TextPath, VisionForm.Mlp));
        await Assert.ThrowsAsync<ArgumentException>(() => Quantize(mlp.VisionPath, (VisionForm)7));
        ConversionOptions both =
            new() { Source = CheckpointFolder.PaliNano,
                OutputFolder = _folder.Path, VisionForm = VisionForm.Mlp, MaskDecoder = "vae-oid.npz" };
        await Assert.ThrowsAsync<ArgumentException>(() => CheckpointConverter.ConvertAsync(both));
    }

    private static Task<QuantizationResult> Quantize(string source, VisionForm form) =>
        ModelQuantizer.QuantizeAsync(new QuantizationOptions { Source = source, Type = ModelFileType.Q8_0, VisionForm = form });

    private Task<ConversionResult> Convert(VisionForm form, ModelFileType type) => CheckpointConverter.ConvertAsync(
        new ConversionOptions { Source = CheckpointFolder.PaliNano,
            OutputFolder = _folder.File($"{form}-{type}"), Type = type, VisionForm = form, Name = "nano" });

    private static double[] Product(double[] matrix, double[] x, double[] bias) =>
        [.. bias.Select((add, row) => add + Enumerable.Range(0, x.Length).Sum(column => matrix[(row * x.Length) + column] * x[column]))];

    private static double Gelu(double x) => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))));

    private static double[] Values(RawGguf file, string name)
    {
        (GgmlType type, _, byte[] data) = file.Tensors[name];
        return type switch
        {
            GgmlType.F32 => [.. MemoryMarshal.Cast<byte, float>(data).ToArray().Select(value => (double)value)],
            GgmlType.F16 => [.. MemoryMarshal.Cast<byte, Half>(data).ToArray().Select(value => (double)value)],
            _ => [.. data.Chunk(34).SelectMany(block => block.Skip(2).Select(value => (double)BitConverter.ToHalf(block) * (sbyte)value))],
        };
    }
}
