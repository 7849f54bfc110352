using PaliGguf.Gguf;

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
    public bool Fits(MemoryLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        return Ram.Bytes <= (limits.Ram ?? long.MaxValue) && Vram.Bytes <= (limits.Vram ?? long.MaxValue);
    }
}
