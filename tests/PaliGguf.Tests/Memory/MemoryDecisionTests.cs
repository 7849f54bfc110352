using PaliGguf.Conversion;
using PaliGguf.Memory;

namespace PaliGguf.Tests.Memory;

public sealed class MemoryDecisionTests
{
    private const long GiB = 1L << 30;

    private static readonly MachineShape Cpu = new(HasGpu: false, WeightPacking.None, Threads: 1);
    private static readonly MachineShape WithGpu = Cpu with { HasGpu = true };
    private static readonly ModelShape Small = Shape("3b-448", ModelFileType.Q4_K_M, GgmlType.Q6_K);

    // What a caption needs.
    private static readonly ModelOptions Caption = new() { TextTokens = 200, PromptTokens = 16, Branches = 0, SoftTokenCacheBytes = 0, MemoryMap = false };

    [Fact]
    public void Without_limits_nothing_is_changed()
    {
        MemoryDecision decision = MemoryPlanner.Decide(Small, Caption, Cpu, picturesFirst: true);

        Assert.Equal((VisionPlacement.Cpu, GgmlType.F16, 0), (decision.Plan.Vision, decision.Plan.CacheType, decision.Plan.GpuLayers));
        Assert.Null(decision.NextBetter);
    }

    [Fact]
    public void A_3b_model_at_448_pixels_runs_in_2_gib_by_staging_its_tower()
    {
        MemoryDecision decision = MemoryPlanner.Decide(Small, Caption with { Memory = new MemoryLimits(Ram: 2 * GiB) }, Cpu, picturesFirst: true);

        Assert.Equal(VisionPlacement.Staged, decision.Plan.Vision);
        Assert.InRange(decision.Plan.Ram.Bytes, 0, 2 * GiB);
        Assert.NotNull(decision.NextBetter);
        Assert.Contains("next better way", decision.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tower_is_not_staged_for_pictures_that_are_not_known_yet()
    {
        MemoryPlanException failure = Assert.Throws<MemoryPlanException>(
            () => MemoryPlanner.Decide(Small, Caption with { Memory = new MemoryLimits(Ram: 2 * GiB) }, Cpu, picturesFirst: false));

        Assert.True(failure.Plan.Ram.WorkingBytes > 2 * GiB);
        Assert.Contains("more than main memory's limit of 2.00 GiB", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Less_memory_never_makes_a_better_plan()
    {
        ModelShape shape = Shape("10b-224", ModelFileType.Q4_K_M);
        int layers = int.MaxValue;
        foreach (double gib in new[] { 12, 8, 7, 6, 4, 2, 1, 0.5 })
        {
            MemoryPlan plan = MemoryPlanner.Decide(shape, Caption with { Memory = new MemoryLimits(Vram: (long)(gib * GiB)) }, WithGpu, picturesFirst: true).Plan;

            Assert.InRange(plan.GpuLayers, 0, layers);
            Assert.InRange(plan.Vram.Bytes, 0, (long)(gib * GiB));
            layers = plan.GpuLayers;
        }

        Assert.InRange(layers, 0, 10);
    }

    [Fact]
    public void What_is_set_stays_as_it_is()
    {
        ModelOptions options = Caption with { GpuLayers = 5, CacheType = GgmlType.F32, Vision = VisionPlacement.Cpu, Memory = new MemoryLimits(Ram: 8 * GiB, Vram: 4 * GiB) };

        MemoryPlan plan = MemoryPlanner.Decide(Small, options, WithGpu, picturesFirst: true).Plan;

        Assert.Equal((5, GgmlType.F32, VisionPlacement.Cpu), (plan.GpuLayers, plan.CacheType, plan.Vision));
    }

    [Fact]
    public void Something_impossible_tells_what_would_be_possible()
    {
        ModelOptions options = Caption with { GpuLayers = 27, Vision = VisionPlacement.Gpu, Memory = new MemoryLimits(Vram: 1 * GiB) };

        MemoryPlanException failure =
            Assert.Throws<MemoryPlanException>(() => MemoryPlanner.Decide(Small, options, WithGpu, picturesFirst: true));

        Assert.Contains("more than the GPU's limit of 1.00 GiB", failure.Message, StringComparison.Ordinal);
        Assert.Contains("it would fit", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_context_that_is_too_long_is_answered_with_one_that_fits()
    {
        ModelShape shape = Shape("3b-224", ModelFileType.Q4_K_M);
        ModelOptions options = Caption with { ContextLength = 8192, PromptTokens = null, Memory = new MemoryLimits(Ram: 9 * GiB / 4) };

        MemoryPlanException failure =
            Assert.Throws<MemoryPlanException>(() => MemoryPlanner.Decide(shape, options, Cpu, picturesFirst: true));

        Assert.Contains("With a context of", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Mapped_weights_without_room_are_a_last_resort_and_said_to_be_slow()
    {
        ModelOptions options = Caption with { MemoryMap = true, Memory = new MemoryLimits(Ram: 3 * GiB / 2) };

        MemoryDecision decision = MemoryPlanner.Decide(Small, options, Cpu, picturesFirst: true);

        Assert.Equal(MemoryFit.Evicts, decision.Plan.FitIn(options.Memory!));
        Assert.Contains("It is slow", decision.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void As_many_sequences_are_chosen_as_fit()
    {
        ModelOptions options = Caption with { Sequences = 0, Memory = new MemoryLimits(Ram: 3 * GiB) };

        MemoryDecision decision = MemoryPlanner.Decide(Small, options, Cpu, picturesFirst: true);

        Assert.InRange(decision.Options.Sequences, 2, 15);
        Assert.Equal(MemoryFit.Exceeds, MemoryPlanner.Plan(Small, decision.Options with { Sequences = decision.Options.Sequences + 1 }, Cpu).FitIn(options.Memory!));
    }

    [Fact]
    public void The_same_question_has_the_same_answer()
    {
        ModelOptions options = Caption with { Memory = new MemoryLimits(Ram: 4 * GiB, Vram: 2 * GiB) };

        Assert.Equal(MemoryPlanner.Decide(Small, options, WithGpu, true).Explanation, MemoryPlanner.Decide(Small, options, WithGpu, true).Explanation);
    }

    [Fact]
    public void Zero_sequences_need_limits() => Assert.Throws<ArgumentException>(() => MemoryPlanner.Plan(Small, new ModelOptions { Sequences = 0 }, Cpu));

    private static ModelShape Shape(string name, ModelFileType type, GgmlType? embedding = null) =>
        QuantizedShape.Of(ModelSize.All.First(size => size.Name == name), type, embedding: embedding);
}
