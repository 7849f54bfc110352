namespace PaliGguf.Memory;

/// <summary>
/// Goes through the ways to run a model, the best first, and takes the first that fits wholly, or else the first of which at least what must be resident does. Layers on the GPU count most, since each makes every token faster; then an exact KV
/// cache; then the tower's place, which costs time only when a new picture comes.
/// </summary>
internal sealed class MemoryChooser(ModelShape shape, ModelOptions options, MachineShape machine, bool picturesFirst)
{
    // More would rarely be used, and each makes the others' tokens slower.
    private const int MostSequences = 16;

    private readonly MemoryLimits _limits = options.Memory ?? new MemoryLimits();

    public MemoryDecision Choose()
    {
        (ModelOptions Options, MemoryPlan Plan, MemoryFit Fit)[] candidates = [.. Candidates(options).Select(Weigh)];
        MemoryFit best = candidates.Min(candidate => candidate.Fit);
        if (best == MemoryFit.Exceeds) throw Impossible(candidates.MinBy(candidate => Excess(candidate.Plan)).Plan);
        int chosen = Array.FindIndex(candidates, candidate => candidate.Fit == best);
        return Decide(candidates[chosen].Options, candidates[chosen].Plan, best, better: chosen > 0 ? candidates[chosen - 1].Plan : null);
    }

    private (ModelOptions Options, MemoryPlan Plan, MemoryFit Fit) Weigh(ModelOptions candidate)
    {
        MemoryPlan plan = MemoryPlanner.Plan(shape, candidate, machine);
        return (candidate, plan, plan.FitIn(_limits));
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

    private MemoryDecision Decide(ModelOptions chosen, MemoryPlan plan, MemoryFit fit, MemoryPlan? better)
    {
        if (chosen.Sequences == 0)
        {
            // One fits, so the answer lies in between.
            int sequences = 1;
            while (sequences < MostSequences && Weigh(chosen with { Sequences = sequences + 1 }).Fit == fit) sequences++;
            (chosen, plan, _) = Weigh(chosen with { Sequences = sequences });
        }

        string evicted = fit == MemoryFit.Evicts
            ? $" It is slow: {ByteSize.Format(plan.Ram.WorkingBytes - _limits.Ram!.Value)} of the mapped weights have no room and are read again for every token."
            : "";
        string next = better is null ? "" : $" The next better way, {Describe(better)}, would need {Needs(better)}: {Shortfall(better)}.";
        return new MemoryDecision
        {
            Options = chosen,
            Plan = plan,
            NextBetter = better,
            Explanation = $"{shape.Name} with {Describe(plan)} needs {Needs(plan)}.{evicted}{next}",
        };
    }

    private MemoryPlanException Impossible(MemoryPlan smallest)
    {
        string problem = $"{shape.Name} with {Describe(smallest)} needs {Needs(smallest)}: {Shortfall(smallest)}.";
        ModelOptions open = options with { GpuLayers = -1, CacheType = null, Vision = null };
        if (Candidates(open).Select(Weigh).FirstOrDefault(candidate => candidate.Fit != MemoryFit.Exceeds).Plan is { } other)
        {
            return new MemoryPlanException($"{problem} With {Describe(other)} it would fit: {Needs(other)}.", smallest);
        }

        // A shorter context is what a user can always choose; how short it has to be is told exactly.
        return new MemoryPlanException(
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
                if (Weigh(candidate) is (_, var plan, not MemoryFit.Exceeds)) return plan;
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

    private static string Needs(MemoryPlan plan)
    {
        string mapped = plan.Ram.MappedBytes > 0 ? $" and {ByteSize.Format(plan.Ram.MappedBytes)} of mapped file" : "";
        string ram = $"{ByteSize.Format(plan.Ram.Bytes)} of main memory{mapped}";
        return plan.Vram.Bytes == 0 ? ram : $"{ByteSize.Format(plan.Vram.Bytes)} on the GPU, {ram}";
    }

    private string Shortfall(MemoryPlan plan)
    {
        List<string> missing = [];
        if (Over(plan.Vram, _limits.Vram) is > 0 and var vram) missing.Add($"{ByteSize.Format(vram)} more than the GPU's limit of {ByteSize.Format(_limits.Vram!.Value)}");
        if (_limits.Ram is { } most && plan.Ram.WorkingBytes > most) missing.Add($"{ByteSize.Format(plan.Ram.WorkingBytes - most)} more than main memory's limit of {ByteSize.Format(most)}");
        return string.Join(" and ", missing);
    }
}
