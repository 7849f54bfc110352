using System.Numerics.Tensors;
using Microsoft.Extensions.Logging.Abstractions;
using PaliGguf.Conversion;
using PaliGguf.Gguf;
using PaliGguf.Imaging;
using PaliGguf.Interop;
using PaliGguf.Vision;

namespace PaliGguf.Tests.Vision;

public sealed class VisionTowerTests
{
    [Theory]
    [InlineData("tiny-g1", ModelFileType.F32, 0.99999)]
    [InlineData("tiny-g2", ModelFileType.F32, 0.99999)]
    [InlineData("tiny-g1", ModelFileType.F16, 0.99999)]
    [InlineData("tiny-g2", ModelFileType.F16, 0.99999)]
    [InlineData("tiny-g1", ModelFileType.BF16, 0.999)]
    [InlineData("tiny-g2", ModelFileType.BF16, 0.999)]
    [InlineData("tiny-g1", ModelFileType.Q8_0, 0.999)]
    [InlineData("tiny-g2", ModelFileType.Q8_0, 0.999)]
    public async Task Each_row_points_where_the_reference_row_points(string name, ModelFileType type, double smallestCosine)
    {
        GoldenSet golden = GoldenSet.Load(name);
        using GgufFile file = GgufFile.Open((await ConvertedModels.Golden(name, type)).VisionPath);
        VisionLayout layout = VisionLayout.Read(file);
        using VisionTower tower = new(file, layout, ComputeDevice.Cpu(), new TowerSettings(Threads: 1), NullLogger.Instance);
        foreach (int index in new[] { 0, 1 })
        {
            RgbImage resized = tower.Resize(ImageFile.Load(Path.Combine(golden.Folder, $"image{index}.png")));
            Assert.Equal(golden.Arrays.Bytes($"image{index}.resized_u8"), resized.Pixels);

            (float[] softTokens, float[] towerOutput) = await tower.ComputeAsync(resized, withTower: true, CancellationToken.None);
            AssertRows(golden.Arrays.Floats($"image{index}.vision_out"), towerOutput, layout.HiddenLength, smallestCosine);
            // The decoder multiplies by the root of its width, so the soft tokens were divided by it.
            TensorPrimitives.Multiply(softTokens, MathF.Sqrt(layout.ProjectionLength), softTokens);
            AssertRows(golden.Arrays.Floats($"image{index}.projector_out"), softTokens, layout.ProjectionLength, smallestCosine);
        }
    }

    [Theory]
    [InlineData("tiny-g1")]
    [InlineData("tiny-g2")]
    public async Task Full_precision_weights_give_the_reference_values(string name)
    {
        GoldenSet golden = GoldenSet.Load(name);
        using GgufFile file = GgufFile.Open((await ConvertedModels.Golden(name, ModelFileType.F32)).VisionPath);
        using VisionTower tower = new(file, VisionLayout.Read(file), ComputeDevice.Cpu(), new TowerSettings(Threads: 1), NullLogger.Instance);
        RgbImage resized = tower.Resize(ImageFile.Load(Path.Combine(golden.Folder, "image0.png")));
        (_, float[] towerOutput) = await tower.ComputeAsync(resized, withTower: true, CancellationToken.None);
        float[] difference = golden.Arrays.Floats("image0.vision_out");
        TensorPrimitives.Subtract(difference, towerOutput, difference);
        Assert.InRange(TensorPrimitives.MaxMagnitude(difference), -3e-5f, 3e-5f);
    }

    [Fact]
    public async Task Heads_computed_in_turn_give_what_heads_computed_together_give()
    {
        GoldenSet golden = GoldenSet.Load("tiny-g2");
        using GgufFile file = GgufFile.Open((await ConvertedModels.Golden("tiny-g2", ModelFileType.F32)).VisionPath);
        VisionLayout layout = VisionLayout.Read(file);
        using VisionTower together = new(file, layout, ComputeDevice.Cpu(), new TowerSettings(Threads: 1), NullLogger.Instance);
        using VisionTower inTurn = new(file, layout, ComputeDevice.Cpu(), new TowerSettings(Threads: 1, LargestScores: 1), NullLogger.Instance);
        RgbImage resized = together.Resize(ImageFile.Load(Path.Combine(golden.Folder, "image1.png")));
        Assert.Equal(await together.EncodeAsync(resized, CancellationToken.None), await inTurn.EncodeAsync(resized, CancellationToken.None));
    }

    [Theory]
    [InlineData("tiny-g1", ModelFileType.F32)]
    [InlineData("tiny-g2", ModelFileType.F16)]
    [InlineData("tiny-g2", ModelFileType.Q8_0)]
    public async Task Flash_attention_agrees_with_plain_attention_within_rounding(string name, ModelFileType type)
    {
        GoldenSet golden = GoldenSet.Load(name);
        using GgufFile file = GgufFile.Open((await ConvertedModels.Golden(name, type)).VisionPath);
        VisionLayout layout = VisionLayout.Read(file);
        using VisionTower plain = new(file, layout, ComputeDevice.Cpu(), new TowerSettings(Threads: 1, Attention: VisionAttention.Plain), NullLogger.Instance);
        using VisionTower flash = new(file, layout, ComputeDevice.Cpu(), new TowerSettings(Threads: 1, Attention: VisionAttention.Flash), NullLogger.Instance);
        RgbImage resized = plain.Resize(ImageFile.Load(Path.Combine(golden.Folder, "image1.png")));

        float[] expected = await plain.EncodeAsync(resized, CancellationToken.None);
        float[] actual = await flash.EncodeAsync(resized, CancellationToken.None);

        // Keys and values of 16 bits: another computation, or this would compare a thing with itself.
        Assert.NotEqual(expected, actual);
        AssertRows(expected, actual, layout.ProjectionLength, type == ModelFileType.Q8_0 ? 0.999 : 0.9999);
    }

    [Fact]
    public async Task A_cancelled_computation_throws_and_leaves_the_tower_usable()
    {
        using GgufFile file = GgufFile.Open((await ConvertedModels.Golden("tiny-g2", ModelFileType.F32)).VisionPath);
        using VisionTower tower = new(file, VisionLayout.Read(file), ComputeDevice.Cpu(), new TowerSettings(Threads: 1), NullLogger.Instance);
        RgbImage resized = tower.Resize(RgbImage.FromRgb(new byte[3], 1, 1));
        using CancellationTokenSource cancelled = new();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => tower.EncodeAsync(resized, cancelled.Token));
        float[] softTokens = await tower.EncodeAsync(resized, CancellationToken.None);
        Assert.All(softTokens, value => Assert.True(float.IsFinite(value)));
    }

    private static void AssertRows(float[] expected, float[] actual, int width, double smallestCosine)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int start = 0; start < expected.Length; start += width)
        {
            float cosine = TensorPrimitives.CosineSimilarity<float>(expected.AsSpan(start, width), actual.AsSpan(start, width));
            Assert.InRange(cosine, smallestCosine, 1.0001);
        }
    }
}
