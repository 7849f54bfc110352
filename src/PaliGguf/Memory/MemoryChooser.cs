using PaliGguf.Gguf;

namespace PaliGguf.Memory;

/// <summary>
/// Goes through the ways to run a model, the best first, and takes the first that fits. Layers on the GPU count most, since each makes every token faster; then an exact KV
/// cache; then the tower's place, which costs time only when a new picture comes.
/// </summary>
internal sealed class MemoryChooser(ModelShape shape, ModelOptions options, MachineShape machine, bool picturesFirst)
{
    // More would rarely be used, and each makes the others' tokens slower.
    private const int MostSequences = 16;

    private readonly MemoryLimits _limits = options.Memory ?? new MemoryLimits();

    public MemoryDecision Choose()
    {
        (ModelOptions Options, MemoryPlan Plan)? better = null;
        (ModelOptions Options, MemoryPlan Plan)? smallest = null;
        foreach (ModelOptions candidate in Candidates(options))
        {
            MemoryPlan plan = MemoryPlanner.Plan(shape, candidate, machine);
            if (plan.Fits(_limits)) return Decide(candidate, plan, better?.Plan);
            better = (candidate, plan);
            if (smallest is not { } least || Excess(plan) < Excess(least.Plan)) smallest = better;
        }

        throw Impossible(smallest!.Value.Plan);
    }

    private IEnumerable<ModelOptions> Candidates(ModelOptions given) =>
        from layers in GpuLayers(given)
        from type in given.CacheType is { } own ? [own] : new[] { GgmlType.F16, GgmlType.Q8_0 }
        from place in given.Vision is { } own ? [own] : Places(layers)
        select given with { GpuLayers = layers, CacheType = type, Vision = place };

    private IEnumerable<int> GpuLayers(ModelOptions given) =>
        !machine.HasGpu ? [0] : given.GpuLayers >= 0 ? [given.GpuLayers] : Enumerable.Range(0, shape.LayerCount + 2).Reverse();

    private IEnumerable<VisionPlacement> Places(int layers)
    {
        if (layers > 0) yield return VisionPlacement.Gpu;
        yield return VisionPlacement.Cpu;
        if (picturesFirst) yield return VisionPlacement.Staged;
    }

    private MemoryDecision Decide(ModelOptions chosen, MemoryPlan plan, MemoryPlan? better)
    {
        if (chosen.Sequences == 0)
        {
            // One fits, so the answer lies in between.
            int sequences = 1;
            while (sequences < MostSequences && MemoryPlanner.Plan(shape, chosen with { Sequences = sequences + 1 }, machine).Fits(_limits)) sequences++;
            chosen = chosen with { Sequences = sequences };
            plan = MemoryPlanner.Plan(shape, chosen, machine);
        }

        string next = better is null ? "Nothing better is known." : $"The next better way, {Describe(better)}, would need {Needs(better)}: {Shortfall(better)}.";
        return new MemoryDecision
        {
            Options = chosen,
            Plan = plan,
            NextBetter = better,
            Explanation = $"{shape.Name} with {Describe(plan)} needs {Needs(plan)}. {next}",
        };
    }

    private ModelMemoryException Impossible(MemoryPlan smallest)
    {
        string problem = $"{shape.Name} with {Describe(smallest)} needs {Needs(smallest)}: {Shortfall(smallest)}.";
        ModelOptions open = options with { GpuLayers = -1, CacheType = null, Vision = null };
        if (Candidates(open).Select(candidate => MemoryPlanner.Plan(shape, candidate, machine)).FirstOrDefault(plan => plan.Fits(_limits)) is { } other)
        {
            return new ModelMemoryException($"{problem} With {Describe(other)} it would fit: {Needs(other)}.", smallest);
        }

        // A shorter context is what a user can always choose; how short it has to be is told exactly.
        return new ModelMemoryException(
            ShorterContext() is { } shorter
                ? $"{problem} With a context of {shorter.ContextLength} tokens and {Describe(shorter)} it would fit: {Needs(shorter)}."
                : $"{problem} Choose a smaller type or model, or allow more memory.",
            smallest);
    }

    private MemoryPlan? ShorterContext()
    {
        const int Step = 256;
        int shortest = shape.ImageTokens + 16;
        for (int length = MemoryPlanner.Plan(shape, options, machine).ContextLength - Step; length >= shortest; length -= Step)
        {
            foreach (ModelOptions candidate in Candidates(options with { ContextLength = length, Sequences = 1 }))
            {
                if (MemoryPlanner.Plan(shape, candidate, machine) is var plan && plan.Fits(_limits)) return plan;
            }
        }

        return null;
    }

    private long Excess(MemoryPlan plan) => Over(plan.Ram, _limits.Ram) + Over(plan.Vram, _limits.Vram);

    private static long Over(DeviceMemory memory, long? limit) => limit is { } most ? Math.Max(memory.Bytes - most, 0) : 0;

    private string Describe(MemoryPlan plan)
    {
        string tower = plan.Vision switch
        {
            VisionPlacement.Gpu => "the vision tower on the GPU",
            VisionPlacement.Staged => "the vision tower released before the decoder is loaded",
            _ => "the vision tower in main memory",
        };
        string layers = machine.HasGpu ? $", {plan.GpuLayers} of {shape.LayerCount + 1} layers on the GPU" : "";
        return $"{tower}, a KV cache of {plan.CacheType} for {plan.ContextLength} tokens{layers}";
    }

    private static string Needs(MemoryPlan plan) =>
        plan.Vram.Bytes == 0 ? $"{ByteSize.Format(plan.Ram.Bytes)} of main memory" : $"{ByteSize.Format(plan.Vram.Bytes)} on the GPU and {ByteSize.Format(plan.Ram.Bytes)} of main memory";

    private string Shortfall(MemoryPlan plan)
    {
        List<string> missing = [];
        if (Over(plan.Vram, _limits.Vram) is > 0 and var vram) missing.Add($"{ByteSize.Format(vram)} more than the GPU's limit of {ByteSize.Format(_limits.Vram!.Value)}");
        if (Over(plan.Ram, _limits.Ram) is > 0 and var ram) missing.Add($"{ByteSize.Format(ram)} more than main memory's limit of {ByteSize.Format(_limits.Ram!.Value)}");
        return string.Join(" and ", missing);
    }
}
