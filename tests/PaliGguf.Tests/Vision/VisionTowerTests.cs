using System.Numerics.Tensors;
using Microsoft.Extensions.Logging.Abstractions;
using PaliGguf.Conversion;
using PaliGguf.Gguf;
using PaliGguf.Imaging;
using PaliGguf.Interop;
using PaliGguf.Products;
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

            (float[] softTokens, float[] towerOutput) = await tower.ComputeAsync(resized, CancellationToken.None);
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
        (_, float[] towerOutput) = await tower.ComputeAsync(resized, CancellationToken.None);
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
    [InlineData("tiny-g1", ModelFileType.F32, VisionAttention.Flash, 0.9999)]
    [InlineData("tiny-g2", ModelFileType.F16, VisionAttention.Flash, 0.9999)]
    [InlineData("tiny-g2", ModelFileType.Q8_0, VisionAttention.Flash, 0.999)]
    [InlineData("tiny-g1", ModelFileType.F32, VisionAttention.Tiled, 0.9999999)]
    [InlineData("tiny-g2", ModelFileType.F16, VisionAttention.Tiled, 0.99999)]
    [InlineData("tiny-g2", ModelFileType.Q8_0, VisionAttention.Tiled, 0.999)]
    public async Task Other_ways_to_compute_attention_agree_with_the_plain_one_within_rounding(string name, ModelFileType type, VisionAttention way, double smallestCosine)
    {
        GoldenSet golden = GoldenSet.Load(name);
        using GgufFile file = GgufFile.Open((await ConvertedModels.Golden(name, type)).VisionPath);
        VisionLayout layout = VisionLayout.Read(file);
        using VisionTower plain = Tower(file, VisionAttention.Plain);
        using VisionTower other = Tower(file, way);
        RgbImage resized = plain.Resize(ImageFile.Load(Path.Combine(golden.Folder, "image1.png")));

        float[] expected = await plain.EncodeAsync(resized, CancellationToken.None);
        float[] actual = await other.EncodeAsync(resized, CancellationToken.None);

        // Not the same computation, or this would compare a thing with itself.
        Assert.NotEqual(expected, actual);
        AssertRows(expected, actual, layout.ProjectionLength, smallestCosine - 1e-7);
    }

    [Theory]
    [InlineData(VisionAttention.Plain)]
    [InlineData(VisionAttention.Flash)]
    [InlineData(VisionAttention.Tiled)]
    public async Task Matrices_of_different_types_are_multiplied_one_by_one(VisionAttention way)
    {
        GoldenSet golden = GoldenSet.Load("tiny-g2");
        string path = (await ConvertedModels.Golden("tiny-g2", ModelFileType.F32)).VisionPath;
        using TemporaryFolder folder = new();
        string mixed = new GgufEdits()
            .Store(tensor => tensor.Name.EndsWith("attn_k.weight", StringComparison.Ordinal) ? GgmlType.F16 : tensor.Type)
            .Write(path, folder.File("mixed.gguf"));
        using GgufFile file = GgufFile.Open(path);
        using GgufFile mixedFile = GgufFile.Open(mixed);
        VisionLayout layout = VisionLayout.Read(file);
        Assert.False(TowerForm.Of(layout, StoredWeight.Types(mixedFile, layout), way, onGpu: false, own: true).Joined);
        using VisionTower same = Tower(file, way);
        using VisionTower different = Tower(mixedFile, way);
        RgbImage resized = same.Resize(ImageFile.Load(Path.Combine(golden.Folder, "image1.png")));

        AssertRows(await same.EncodeAsync(resized, CancellationToken.None), await different.EncodeAsync(resized, CancellationToken.None), layout.ProjectionLength, 0.9999);
    }

    [Fact]
    public async Task The_cpu_computes_attention_tile_by_tile()
    {
        using GgufFile file = GgufFile.Open((await ConvertedModels.Golden("tiny-g2", ModelFileType.F16)).VisionPath);
        using VisionTower tower = Tower(file, VisionAttention.Auto);
        Assert.Equal(VisionAttention.Tiled, tower.Attention);
    }

    [Theory]
    [InlineData(VisionAttention.Plain)]
    [InlineData(VisionAttention.Flash)]
    [InlineData(VisionAttention.Tiled)]
    public async Task Pictures_that_wait_at_the_same_time_are_computed_together_and_each_as_if_it_were_alone(VisionAttention way)
    {
        using GgufFile file = GgufFile.Open((await ConvertedModels.Golden("tiny-g2", ModelFileType.F32)).VisionPath);
        VisionLayout layout = VisionLayout.Read(file);
        using VisionTower alone = Tower(file, way);
        using VisionTower together = new(file, layout, ComputeDevice.Cpu(), new TowerSettings(Threads: 1, Attention: way, Pictures: 4), NullLogger.Instance);
        RgbImage[] pictures = [.. Enumerable.Range(0, 7).Select(index => alone.Resize(RgbImage.FromRgb([(byte)(30 * index), 100, 200, 0, 50, (byte)(255 - index)], 2, 1)))];
        long before = together.ComputeBytes;

        float[][] actual = await Task.WhenAll(pictures.Select(picture => together.EncodeAsync(picture, CancellationToken.None)));

        // While the first is computed, the others come.
        Assert.InRange(together.ComputeBytes, 2 * before, long.MaxValue);
        foreach ((RgbImage picture, float[] softTokens) in pictures.Zip(actual))
        {
            float[] expected = await alone.EncodeAsync(picture, CancellationToken.None);
            TensorPrimitives.Subtract(expected, softTokens, expected);
            Assert.InRange(TensorPrimitives.MaxMagnitude(expected), -1e-6f, 1e-6f);
        }
    }

    [Fact]
    public async Task A_picture_that_is_given_up_while_it_waits_does_not_hold_up_the_others()
    {
        using GgufFile file = GgufFile.Open((await ConvertedModels.Golden("tiny-g2", ModelFileType.F32)).VisionPath);
        using Pause pause = new();
        using VisionTower tower = new(file, VisionLayout.Read(file), ComputeDevice.Cpu(), new TowerSettings(Threads: 1, Pictures: 4), NullLogger.Instance, pause);
        RgbImage picture = tower.Resize(RgbImage.FromRgb(new byte[3], 1, 1));
        using CancellationTokenSource givenUp = new();
        Task<float[]> first = tower.EncodeAsync(picture, CancellationToken.None);
        Task<float[]> dropped = tower.EncodeAsync(picture, givenUp.Token);
        Task<float[]> last = tower.EncodeAsync(picture, CancellationToken.None);

        await givenUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dropped);
        Assert.False(first.IsCompleted);
        pause.End();

        Assert.Equal(await first, await last);
    }

    [Fact]
    public async Task Products_of_our_own_agree_with_the_librarys()
    {
        GoldenSet golden = GoldenSet.Load("tiny-g2");
        foreach (ModelFileType type in new[] { ModelFileType.Q8_0, ModelFileType.Q4_0, ModelFileType.IQ4_NL })
        {
            using GgufFile file = GgufFile.Open((await ConvertedModels.Golden("tiny-g2", type)).VisionPath);
            VisionLayout layout = VisionLayout.Read(file);
            using VisionTower own = Tower(file, VisionAttention.Auto);
            using VisionTower library = new(file, layout, ComputeDevice.Cpu(), new TowerSettings(Threads: 2, Products: MatrixProducts.Library), NullLogger.Instance);
            RgbImage resized = own.Resize(ImageFile.Load(Path.Combine(golden.Folder, "image1.png")));

            float[] expected = await library.EncodeAsync(resized, CancellationToken.None);
            float[] actual = await own.EncodeAsync(resized, CancellationToken.None);

            if (MatrixProduct.IsSupported) Assert.NotEqual(expected, actual);
            AssertRows(expected, actual, layout.ProjectionLength, 0.999);
        }
    }

    [Fact]
    public void Our_own_products_are_those_of_the_types_that_there_is_code_for_unless_somebody_observes_them()
    {
        VisionLayout layout = VisionLayout.Of(ModelSize.All.First(size => size.Name == "3b-224"));
        Dictionary<string, GgmlType> types = layout.Tensors().Where(tensor => tensor.Shape.Length > 1 && tensor.Name != "v.position_embd.weight").ToDictionary(tensor => tensor.Name, _ => GgmlType.Q8_0);
        types["v.patch_embd.weight"] = GgmlType.F16;
        types["v.blk.3.ffn_up.weight"] = GgmlType.IQ3_S;

        TowerForm own = TowerForm.Of(layout, types, VisionAttention.Auto, onGpu: false, own: true);

        Assert.True(own.Joined);
        // Floats are faster than the library's in vectors of 512 bits.
        bool floats = ProductProcessor.Chosen >= InstructionSet.Avx512Vnni;
        Assert.Equal((4 * layout.LayerCount) + (floats ? 2 : 1) - 1, own.OwnProducts.Count);
        Assert.True(own.Owns("v.blk.3.attn_qvk") && own.Owns("v.blk.3.ffn_down") && own.Owns(layout.Projector));
        Assert.Equal(floats, own.Owns("v.patch_embd"));
        Assert.False(own.Owns("v.blk.3.ffn_up"));
        Assert.Equal(HeadAttention.IsSupported, own.OwnAttention);
        Assert.Empty(TowerForm.Of(layout, types, VisionAttention.Auto, onGpu: false, own: true, observed: true).OwnProducts);
        foreach (TowerForm other in new[] { TowerForm.Of(layout, types, VisionAttention.Auto, onGpu: false, own: false), TowerForm.Of(layout, types, VisionAttention.Tiled, onGpu: true, own: true) })
        {
            Assert.Empty(other.OwnProducts);
            Assert.False(other.OwnAttention);
        }

        Assert.False(TowerForm.Of(layout, types, VisionAttention.Plain, onGpu: false, own: true).OwnAttention);
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

    private static VisionTower Tower(GgufFile file, VisionAttention way) =>
        new(file, VisionLayout.Read(file), ComputeDevice.Cpu(), new TowerSettings(Threads: 1, Attention: way), NullLogger.Instance);

    private static void AssertRows(float[] expected, float[] actual, int width, double smallestCosine)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int start = 0; start < expected.Length; start += width)
        {
            // In double precision: 32-bit sums of this length are off by as much as some of the limits allow.
            double[] one = [.. expected[start..(start + width)].Select(value => (double)value)], other = [.. actual[start..(start + width)].Select(value => (double)value)];
            double cosine = TensorPrimitives.CosineSimilarity<double>(one, other);
            Assert.InRange(cosine, smallestCosine, 1.0001);
        }
    }

    /// <summary>Holds up a tower's computation, until it is told to let it go on.</summary>
    private sealed class Pause : IActivationObserver, IDisposable
    {
        private readonly ManualResetEventSlim _ended = new();

        public void End() => _ended.Set();

        public void Observe(string weight, ReadOnlySpan<float> rows, int rowLength) => _ended.Wait();

        public void Dispose() => _ended.Dispose();
    }
}
