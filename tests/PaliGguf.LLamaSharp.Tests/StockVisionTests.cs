using System.Numerics.Tensors;
using LLama;
using LLama.Exceptions;
using LLama.Native;
using Microsoft.Extensions.Logging.Abstractions;
using PaliGguf.Conversion;
using PaliGguf.Gguf;
using PaliGguf.Imaging;
using PaliGguf.Interop;
using PaliGguf.Rival;
using PaliGguf.Tests;
using PaliGguf.Vision;

namespace PaliGguf.LLamaSharp.Tests;

/// <summary>The vision file that is written for llama.cpp's own vision library, in that library.</summary>
public sealed class StockVisionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ModelFileType.F32)]
    [InlineData(ModelFileType.F16)]
    [InlineData(ModelFileType.Q8_0)]
    public async Task Its_rows_are_those_of_our_tower(ModelFileType type)
    {
        ConversionResult ours = await ConvertAsync(VisionForm.PaliGemma, type), theirs = await ConvertAsync(VisionForm.Mlp, type);
        using LLamaWeights weights = Nano.LoadWeights();
        using MtmdWeights vision = MtmdWeights.LoadFromFile(theirs.VisionPath, weights, Parameters());
        List<float> cosines = [];
        string samples = Path.Combine(Repository.PaliNano, "samples");
        foreach (string scene in Directory.EnumerateFiles(samples, "*.png").Order(StringComparer.Ordinal).Take(4))
        {
            using GgufFile file = GgufFile.Open(ours.VisionPath);
            VisionLayout layout = VisionLayout.Read(file);
            using VisionTower tower = new(file, layout, ComputeDevice.Cpu(), new TowerSettings(Threads: 1), NullLogger.Instance);
            // Of the tower's size already, for the two resize differently.
            RgbImage picture = tower.Resize(ImageFile.Load(scene));
            float[] expected = await tower.EncodeAsync(picture, CancellationToken.None);
            float[] actual = Encode(vision, ImageFile.Encode(picture, ImageFormat.Png), layout.Patches, weights.EmbeddingSize);
            for (int row = 0; row < layout.Patches; row++)
            {
                cosines.Add(TensorPrimitives.CosineSimilarity(Row(expected, row), Row(actual, row)));
            }

            ReadOnlySpan<float> Row(float[] rows, int row) => rows.AsSpan(row * weights.EmbeddingSize, weights.EmbeddingSize);
        }

        cosines.Sort();
        Assert.InRange(cosines[cosines.Count / 2], 0.9999f, 1.0001f);
        Assert.InRange(cosines[0], 0.998f, 1.0001f);
    }

    [Fact]
    public async Task The_usual_file_is_none_that_it_knows()
    {
        ConversionResult ours = await ConvertAsync(VisionForm.PaliGemma, ModelFileType.Q8_0);
        using LLamaWeights weights = Nano.LoadWeights();
        Assert.Throws<LoadWeightsFailedException>(() => MtmdWeights.LoadFromFile(ours.VisionPath, weights, Parameters()));
    }

    private static MtmdContextParams Parameters()
    {
        MtmdContextParams parameters = MtmdContextParams.Default();
        parameters.NThreads = 1;
        parameters.PrintTimings = parameters.Warmup = false;
        return parameters;
    }

    private static unsafe float[] Encode(MtmdWeights vision, byte[] png, int rows, int length)
    {
        using SafeMtmdEmbed media = vision.LoadMedia(png);
        Assert.Equal(0, vision.Tokenize("<__media__>", addSpecial: false, parseSpecial: true, [media], out SafeMtmdInputChunks? chunks));
        using SafeMtmdInputChunks owned = chunks!;
        SafeMtmdInputChunk chunk = owned.Enumerate().Single(part => part.Type == SafeMtmdInputChunk.SafeMtmdInputChunkType.Image);
        Assert.Equal((ulong)rows, chunk.NTokens);
        return new ReadOnlySpan<float>((float*)VisionLibrary.Encode(vision.NativeHandle, chunk.NativePtr), rows * length).ToArray();
    }

    private Task<ConversionResult> ConvertAsync(VisionForm form, ModelFileType type) =>
        CheckpointConverter.ConvertAsync(new ConversionOptions
    {
        Source = Path.Combine(Repository.PaliNano, "checkpoint"),
        OutputFolder = _folder.File($"{form}-{type}"),
        Type = type,
        VisionForm = form,
    });
}
