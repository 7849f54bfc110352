using Microsoft.Extensions.Logging.Abstractions;
using PaliGguf.Conversion;
using PaliGguf.Gguf;
using PaliGguf.Interop;
using PaliGguf.Memory;
using PaliGguf.Products;
using PaliGguf.Vision;

namespace PaliGguf.Tests.Memory;

public sealed class MemoryPlannerTests : IDisposable
{
    private const double MiB = 1 << 20;

    private static readonly MachineShape Cpu = new(HasGpu: false, WeightPacking.None, Threads: 1);
    private static readonly MachineShape WithGpu = Cpu with { HasGpu = true };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, 1, GgmlType.F16)]
    [InlineData(1, 17, GgmlType.F16)]
    [InlineData(4, 20, GgmlType.F32)]
    [InlineData(2, 18, GgmlType.Q8_0)]
    public void A_plan_is_what_the_library_allocates(int sequences, int withBranches, GgmlType cacheType)
    {
        ModelFiles files = ModelFiles.Find(Repository.PaliNano);
        MachineShape machine = Cpu with { Packing = WeightPacking.Here(), OwnProducts = MatrixProduct.IsSupported };
        ModelOptions options = new() { Sequences = sequences, Branches = withBranches - sequences, CacheType = cacheType, MemoryMap = false };

        MemoryPlan plan = MemoryPlanner.Plan(ModelShape.Read(files), options, machine);

        DryRun truth = DryRun.Of(files.Text, plan.PrefixLength, plan.ContextLength * sequences,
            withBranches, cacheType, cacheType != GgmlType.F32, allocate: true, repack: !machine.OwnProducts);
        AssertSame(truth, plan, weights: true);
    }

    [Theory]
    [InlineData("3b-224", 768, 1, GgmlType.F16, 17)]
    [InlineData("3b-448", 1536, 2, GgmlType.F32, 2)]
    [InlineData("10b-224", 768, 4, GgmlType.Q8_0, 20)]
    [InlineData("28b-896", 4608, 1, GgmlType.F16, 1)]
    [InlineData("v1-3b-896", 4352, 1, GgmlType.F32, 17)]
    public void A_plan_for_a_published_size_is_what_the_library_would_allocate(string name, int context, int sequences, GgmlType cacheType, int withBranches)
    {
        Assert.True(ModelSize.TryParse(name, out ModelSize? size));
        ModelShape shape = QuantizedShape.Of(size, ModelFileType.Q4_K_M);
        ModelOptions options = new() { ContextLength = context, Sequences = sequences, Branches = withBranches - sequences, CacheType = cacheType, MemoryMap = false };

        MemoryPlan plan = MemoryPlanner.Plan(shape, options, Cpu);

        DryRun truth = DryRun.Of(HollowModel.WriteText(shape, size, _folder.Path), context, context * sequences, withBranches, cacheType, cacheType != GgmlType.F32);
        AssertSame(truth, plan, weights: false);
    }

    [Fact]
    public void A_tower_is_planned_as_it_is_laid_out()
    {
        ModelFiles files = ModelFiles.Find(Repository.PaliNano);
        using GgufFile file = GgufFile.Open(files.Vision);
        using VisionTower tower = new(file, VisionLayout.Read(file), ComputeDevice.Cpu(), new TowerSettings(Threads: 1), NullLogger.Instance);

        MemoryPlan plan = MemoryPlanner.Plan(ModelShape.Read(files), new ModelOptions(), Cpu with { Packing = WeightPacking.Here(), OwnProducts = MatrixProduct.IsSupported });

        Assert.Equal(tower.ComputeBytes, plan.Ram.Of(MemoryPart.VisionCompute));
        Assert.InRange(plan.Ram.Of(MemoryPart.VisionWeights) / (double)tower.Bytes, 0.99, 1.02);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3 * 4 * 64 * 64)]
    public void Heads_that_are_computed_in_turn_are_planned_as_they_are_laid_out(long largestScores)
    {
        using GgufFile file = GgufFile.Open(ModelFiles.Find(Repository.PaliNano).Vision);
        VisionLayout layout = VisionLayout.Read(file);
        using VisionTower tower = new(file, layout, ComputeDevice.Cpu(), new TowerSettings(Threads: 1, Attention: VisionAttention.Plain, LargestScores: largestScores), NullLogger.Instance);

        Assert.Equal(tower.ComputeBytes, TowerGraph.Bytes(layout, TowerForm.Of(layout, StoredWeight.Types(file, layout), VisionAttention.Plain, onGpu: false, MatrixProduct.IsSupported) with { LargestScores = largestScores }));
    }

    [Theory]
    [InlineData("tiny-g1", ModelFileType.F32)]
    [InlineData("tiny-g2", ModelFileType.F32)]
    [InlineData("tiny-g2", ModelFileType.F16)]
    [InlineData("tiny-g2", ModelFileType.Q8_0)]
    public async Task Every_form_of_a_tower_is_planned_as_it_is_laid_out(string name, ModelFileType type)
    {
        string path = (await ConvertedModels.Golden(name, type)).VisionPath;
        string mixed = new GgufEdits()
            .Store(tensor => tensor.Name.EndsWith("attn_v.weight", StringComparison.Ordinal) ? GgmlType.BF16 : tensor.Type)
            .Write(path, _folder.File("mixed.gguf"));
        using GgmlBackendHandle backend = ComputeDevice.Cpu().Open();
        foreach (string variant in new[] { path, mixed })
        {
            using GgufFile file = GgufFile.Open(variant);
            VisionLayout layout = VisionLayout.Read(file);
            foreach ((VisionAttention way, bool onGpu) in Ways())
            {
                TowerForm form = TowerForm.Of(layout, StoredWeight.Types(file, layout), way, onGpu, MatrixProduct.IsSupported);
                Assert.Equal(variant == path, form.Joined);
                using WeightStore weights = new(file, layout, form, ComputeDevice.Cpu(), repack: true);
                using ProductWork work = new(threads: 1);
                foreach (int pictures in new[] { 1, 2, 3 })
                {
                    using VisionBatch batch = new(layout, form with { Pictures = pictures }, weights, work, [backend], tap: null);
                    Assert.Equal((variant, way, pictures, batch.Bytes), (variant, way, pictures, TowerGraph.Bytes(layout, form with { Pictures = pictures })));
                }
            }
        }
    }

    [Theory]
    [InlineData(VisionAttention.Plain)]
    [InlineData(VisionAttention.Flash)]
    [InlineData(VisionAttention.Tiled)]
    public void A_plan_knows_how_attention_is_computed(VisionAttention way)
    {
        ModelFiles files = ModelFiles.Find(Repository.PaliNano);
        using GgufFile file = GgufFile.Open(files.Vision);
        using VisionTower tower = new(file, VisionLayout.Read(file), ComputeDevice.Cpu(), new TowerSettings(Threads: 1, Attention: way), NullLogger.Instance);

        MemoryPlan plan = MemoryPlanner.Plan(ModelShape.Read(files), new ModelOptions { Attention = way }, Cpu with { OwnProducts = MatrixProduct.IsSupported });

        Assert.Equal(tower.ComputeBytes, plan.Ram.Of(MemoryPart.VisionCompute));
    }

    [Fact]
    public void A_gpu_has_room_for_several_pictures_at_once_unless_memory_is_limited()
    {
        ModelShape shape = Shape("3b-448");

        long free = MemoryPlanner.Plan(shape, new ModelOptions(), WithGpu).Vram.Of(MemoryPart.VisionCompute);
        long limited = MemoryPlanner.Plan(shape, new ModelOptions { Memory = new MemoryLimits { Ram = 1L << 40, Vram = 1L << 40 } }, WithGpu).Vram.Of(MemoryPart.VisionCompute);

        // One, two and four of them.
        Assert.InRange(free / (double)limited, 4, 7.1);
    }

    [Fact]
    public void A_published_tower_is_planned_as_it_was_measured()
    {
        MemoryPlan plan = MemoryPlanner.Plan(Shape("3b-448"), new ModelOptions(), Cpu);

        // Read back from a synthetic file of this size, on an x86-64 CPU.
        Assert.Equal(31_244_288, plan.Ram.Of(MemoryPart.VisionCompute));
        Assert.Equal(448_322_688, plan.Ram.Of(MemoryPart.VisionWeights));
    }

    [Fact]
    public void A_published_size_is_as_big_as_its_converted_file()
    {
        ModelShape shape = Shape("3b-448");

        // The weights of a synthetic file of this size and type, as the library counts them.
        Assert.Equal(26, shape.LayerCount);
        Assert.Equal(1762.74, shape.TextTensors.Sum(tensor => tensor.Bytes) / MiB, 0.01);
    }

    [Fact]
    public void Mapped_weights_do_not_count_as_resident()
    {
        ModelShape shape = Shape("3b-224");

        MemoryPlan mapped = MemoryPlanner.Plan(shape, new ModelOptions(), Cpu);
        MemoryPlan copied = MemoryPlanner.Plan(shape, new ModelOptions { MemoryMap = false }, Cpu);

        Assert.Equal(copied.Ram.Bytes, mapped.Ram.Bytes + mapped.Ram.MappedBytes);
        Assert.Equal(copied.Ram.Of(MemoryPart.DecoderWeights), mapped.Ram.MappedBytes);
    }

    [Fact]
    public void Repacked_weights_are_resident_even_if_the_file_is_mapped()
    {
        ModelShape shape = Shape("3b-224");
        MachineShape repacking = Cpu with { Packing = new WeightPacking([GgmlType.Q4_K]) };

        MemoryPlan plan = MemoryPlanner.Plan(shape, new ModelOptions(), repacking);

        Assert.Equal(shape.TextTensors.Where(tensor => tensor.Type == GgmlType.Q4_K).Sum(tensor => tensor.Bytes), plan.Ram.Of(MemoryPart.DecoderWeights) - plan.Ram.MappedBytes);
    }

    [Fact]
    public void Weights_of_our_own_products_stay_mapped_if_all_of_them_are()
    {
        MachineShape machine = Cpu with { Packing = new WeightPacking([GgmlType.Q4_0, GgmlType.Q8_0, GgmlType.Q4_K]), OwnProducts = true };
        ModelShape shape = QuantizedShape.Of(ModelSize.All.First(size => size.Name == "3b-224"), ModelFileType.Q4_0);

        MemoryPlan own = MemoryPlanner.Plan(shape, new ModelOptions(), machine);
        MemoryPlan library = MemoryPlanner.Plan(shape, new ModelOptions { Products = MatrixProducts.Library }, machine);

        Assert.Equal(own.Ram.Of(MemoryPart.DecoderWeights), own.Ram.MappedBytes);
        Assert.True(library.Ram.Of(MemoryPart.DecoderWeights) > library.Ram.MappedBytes);
    }

    [Fact]
    public void An_embedding_that_is_repacked_as_output_lies_in_memory_twice()
    {
        ModelShape shape = Shape("3b-224");
        ModelOptions copied = new() { MemoryMap = false };
        long embedding = shape.TextTensors.First(tensor => tensor.Name == "token_embd.weight").Bytes;

        long once = MemoryPlanner.Plan(shape, copied, Cpu).Ram.Of(MemoryPart.DecoderWeights);
        long twice = MemoryPlanner.Plan(shape, copied, Cpu with { Packing = new WeightPacking([GgmlType.Q8_0]) }).Ram.Of(MemoryPart.DecoderWeights);

        Assert.Equal(embedding, twice - once);
    }

    [Fact]
    public void A_staged_tower_and_the_decoder_are_never_there_together()
    {
        ModelShape shape = Shape("3b-448");
        ModelOptions copied = new() { MemoryMap = false };

        long together = MemoryPlanner.Plan(shape, copied, Cpu).Ram.Bytes;
        long staged = MemoryPlanner.Plan(shape, copied with { Vision = VisionPlacement.Staged }, Cpu).Ram.Bytes;

        MemoryPlan plan = MemoryPlanner.Plan(shape, copied, Cpu);
        Assert.InRange(together - staged, plan.Ram.Of(MemoryPart.VisionWeights) + plan.Ram.Of(MemoryPart.VisionCompute), long.MaxValue);
    }

    [Fact]
    public void Every_layer_on_the_gpu_moves_its_weights_and_its_cache_there()
    {
        ModelShape shape = Shape("3b-224");
        MemoryPlan[] plans = [.. Enumerable.Range(0, shape.LayerCount + 2).Select(layers => MemoryPlanner.Plan(shape, new ModelOptions { GpuLayers = layers }, WithGpu))];

        Assert.Equal(0, plans[0].Vram.Bytes);
        foreach ((MemoryPlan fewer, MemoryPlan more) in plans.Skip(1).Zip(plans.Skip(2)))
        {
            Assert.True(more.Vram.Of(MemoryPart.DecoderWeights) > fewer.Vram.Of(MemoryPart.DecoderWeights));
            Assert.True(more.Vram.Of(MemoryPart.KeyValueCache) > fewer.Vram.Of(MemoryPart.KeyValueCache));
            Assert.Equal(plans[0].Ram.Of(MemoryPart.KeyValueCache), more.Vram.Of(MemoryPart.KeyValueCache) + more.Ram.Of(MemoryPart.KeyValueCache));
        }

        Assert.Equal(0, plans[^1].Ram.Of(MemoryPart.KeyValueCache));
        Assert.Equal(plans[^1], MemoryPlanner.Plan(shape, new ModelOptions(), WithGpu), (one, other) => one!.GpuLayers == other!.GpuLayers && one.Vram.Bytes == other.Vram.Bytes);
    }

    [Fact]
    public void A_short_prompt_makes_a_smaller_batch()
    {
        ModelShape shape = Shape("3b-448");

        MemoryPlan any = MemoryPlanner.Plan(shape, new ModelOptions(), Cpu);
        MemoryPlan brief = MemoryPlanner.Plan(shape, new ModelOptions { PromptTokens = 10 }, Cpu);

        Assert.Equal(1536, any.PrefixLength);
        Assert.Equal(1024 + 10 + 2, brief.PrefixLength);
        Assert.Equal(any.ContextLength, brief.ContextLength);
        Assert.True(brief.Ram.Of(MemoryPart.DecoderCompute) < 0.75 * any.Ram.Of(MemoryPart.DecoderCompute));
    }

    // A CPU can compute what is meant for a GPU.
    private static IEnumerable<(VisionAttention Way, bool OnGpu)> Ways() =>
        from way in new[] { VisionAttention.Plain, VisionAttention.Flash, VisionAttention.Tiled }
        from onGpu in new[] { false, true }
        select (way, onGpu);

    private static ModelShape Shape(string name) => QuantizedShape.Of(ModelSize.All.First(size => size.Name == name), ModelFileType.Q4_K_M);

    private static void AssertSame(DryRun truth, MemoryPlan plan, bool weights)
    {
        double planned = plan.Ram.Of(MemoryPart.KeyValueCache) + plan.Ram.Of(MemoryPart.Logits) + plan.Ram.Of(MemoryPart.DecoderCompute);
        double allocated = truth.Cache + truth.Logits + truth.Compute;
        AssertPart(truth.Cache, plan.Ram.Of(MemoryPart.KeyValueCache));
        AssertPart(truth.Logits, plan.Ram.Of(MemoryPart.Logits));
        AssertPart(truth.Compute, plan.Ram.Of(MemoryPart.DecoderCompute));
        if (weights)
        {
            planned += plan.Ram.Of(MemoryPart.DecoderWeights);
            allocated += truth.Plain + truth.Packed;
            AssertPart(truth.Plain + truth.Packed, plan.Ram.Of(MemoryPart.DecoderWeights));
        }

        Assert.InRange(planned / MiB, (0.99 * allocated) - Rounding, (1.02 * allocated) + Rounding);
    }

    // The library prints two digits.
    private const double Rounding = 0.02;

    private static void AssertPart(double truth, long planned) => Assert.InRange(planned / MiB, (0.99 * truth) - Rounding, (1.02 * truth) + Rounding);
}
