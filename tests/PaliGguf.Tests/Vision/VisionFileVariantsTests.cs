using System.Numerics.Tensors;
using Microsoft.Extensions.Logging.Abstractions;
using PaliGguf.Conversion;
using PaliGguf.Gguf;
using PaliGguf.Imaging;
using PaliGguf.Interop;
using PaliGguf.Vision;

namespace PaliGguf.Tests.Vision;

/// <summary>Vision files as other converters write them give the same soft tokens.</summary>
public sealed class VisionFileVariantsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task The_projector_may_be_named_input_projection() => AssertSame(new GgufEdits().Rename(name => name.Replace("mm.0.", "mm.input_projection.")));

    [Fact]
    public Task The_names_of_the_MLP_products_may_be_exchanged() => AssertSame(new GgufEdits().Rename(name =>
        name.Contains("ffn_up") ? name.Replace("ffn_up", "ffn_down") : name.Replace("ffn_down", "ffn_up")));

    [Fact]
    public Task The_normalisation_may_be_missing() => AssertSame(new GgufEdits().Without("clip.vision.image_mean").Without("clip.vision.image_std"));

    [Fact]
    public Task Further_tensors_of_any_type_are_left_alone() => AssertSame(new GgufEdits()
        .WithTensor("v.head.weight", GgmlType.F32, 144, 2).WithTensor("a.table", GgmlType.I8, 7).WithTensor("a.cube", GgmlType.I32, 3, 5, 7).WithTensor("a.matrix", GgmlType.F64, 64, 64));

    [Theory]
    [InlineData(GgmlType.F16)]
    [InlineData(GgmlType.BF16)]
    [InlineData(GgmlType.F32)]
    public Task Biases_norms_and_positions_may_be_stored_in_16_bits(GgmlType type) =>
        AssertSame(new GgufEdits().Store(tensor => tensor.Shape.Length == 1 || tensor.Name.StartsWith("v.position", StringComparison.Ordinal) ? type : tensor.Type), 0.9995f);

    [Theory]
    [InlineData(GgmlType.F16)]
    [InlineData(GgmlType.BF16)]
    public Task Every_weight_may_be_stored_in_16_bits(GgmlType type) => AssertSame(new GgufEdits().Store(_ => type), 0.9995f);

    [Fact]
    public async Task A_file_may_say_that_pictures_are_resized_bilinearly()
    {
        string source = (await ConvertedModels.Golden("tiny-g2", ModelFileType.F32)).VisionPath;
        string bilinear = new GgufEdits().With("paligguf.image_resampling", "bilinear").Write(source, _folder.File("bilinear.gguf"));
        float[] expected = await EncodeAsync(source, Interpolation.Bilinear);
        Assert.Equal(expected, await EncodeAsync(bilinear));
        Assert.NotEqual(expected, await EncodeAsync(source));
        Assert.Equal(await EncodeAsync(source), await EncodeAsync(bilinear, Interpolation.Bicubic));
        using GgufFile file =
            GgufFile.Open(new GgufEdits().With("paligguf.image_resampling", "nearest").Write(source, _folder.File("nearest.gguf")));
        Assert.Contains("'nearest'; expected bicubic or bilinear",
            Assert.Throws<ModelFormatException>(() => VisionLayout.Read(file)).Message, StringComparison.Ordinal);
    }

    private async Task AssertSame(GgufEdits edits, float smallestCosine = 0.9999999f)
    {
        string source = (await ConvertedModels.Golden("tiny-g2", ModelFileType.F32)).VisionPath;
        float[] expected = await EncodeAsync(source);
        float[] actual = await EncodeAsync(edits.Write(source, _folder.File("variant.gguf")));
        Assert.Equal(expected.Length, actual.Length);
        Assert.InRange(TensorPrimitives.CosineSimilarity<float>(expected, actual), smallestCosine, 1.00001f);
        if (smallestCosine > 0.9999f) Assert.Equal(expected, actual);
    }

    private static async Task<float[]> EncodeAsync(string path, Interpolation? interpolation = null)
    {
        using GgufFile file = GgufFile.Open(path);
        using VisionTower tower =
            new(file, VisionLayout.Read(file), ComputeDevice.Cpu(), new TowerSettings(Threads: 1, interpolation), NullLogger.Instance);
        return await tower.EncodeAsync(tower.Resize(ImageFile.Load(Path.Combine(Repository.Golden("tiny-g2"), "image0.png"))), CancellationToken.None);
    }
}
