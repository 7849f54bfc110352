namespace PaliGguf.Memory;

/// <summary>What one way to run a model costs, and what that way is.</summary>
public sealed record MemoryPlan
{
    /// <summary>Main memory.</summary>
    public required DeviceMemory Ram { get; init; }

    /// <summary>The GPU's memory; empty without one.</summary>
    public required DeviceMemory Vram { get; init; }

    /// <summary>The longest sequence in tokens, rounded as the library rounds.</summary>
    public required int ContextLength { get; init; }

    /// <summary>The longest prefix in tokens, which is one batch.</summary>
    public required int PrefixLength { get; init; }

    /// <summary>How many requests run side by side.</summary>
    public required int Sequences { get; init; }

    /// <summary>The element type of the KV cache.</summary>
    public required GgmlType CacheType { get; init; }

    /// <summary>How many layers are on the GPU. The output counts as one and is the first to go there, so all are one more than the model has.</summary>
    public required int GpuLayers { get; init; }

    /// <summary>Where the vision tower is.</summary>
    public required VisionPlacement Vision { get; init; }

    /// <summary>Whether it stays within limits.</summary>
    public MemoryFit FitIn(MemoryLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        (long ram, long vram) = (limits.Ram ?? long.MaxValue, limits.Vram ?? long.MaxValue);
        if (Ram.Bytes > ram || Vram.Bytes > vram) return MemoryFit.Exceeds;
        return Ram.WorkingBytes > ram ? MemoryFit.Evicts : MemoryFit.Fits;
    }

    /// <summary>What it takes, the largest parts by name: "1.2 GiB of main memory (0.9 GiB decoder weights, ...)".</summary>
    internal string Describe() => string.Join(" and ", new[] { (Ram, "main memory"), (Vram, "the GPU's memory") }.Where(device => device.Item1.Bytes > 0).Select(device =>
        $"{ByteSize.Format(device.Item1.Bytes)} of {device.Item2} ({string.Join(", ", Largest(device.Item1))})"));

    private static IEnumerable<string> Largest(DeviceMemory memory) => memory.Uses.Where(use => !use.Mapped)
        .GroupBy(use => use.Part)
        .Select(part => (part.Key, Bytes: part.Sum(use => use.Bytes)))
        .OrderByDescending(part => part.Bytes)
        .Take(4)
        .Select(part => $"{part.Key.Title} {ByteSize.Format(part.Bytes)}");
}

/// <summary>Whether a plan stays within limits.</summary>
public enum MemoryFit
{
    /// <summary>All of it.</summary>
    Fits,

    /// <summary>All that must be resident. Weights of the mapped file do not, and are read from the disk again for every token: it works, slowly.</summary>
    Evicts,

    /// <summary>It does not.</summary>
    Exceeds,
}
