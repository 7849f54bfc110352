namespace PaliGguf.Memory;

/// <summary>How a model is run within limits, and why.</summary>
public sealed record MemoryDecision
{
    /// <summary>The options with everything chosen that was open.</summary>
    public required ModelOptions Options { get; init; }

    /// <summary>What they cost.</summary>
    public required MemoryPlan Plan { get; init; }

    /// <summary>The next better way, which does not fit; null if the best one does.</summary>
    public MemoryPlan? NextBetter { get; init; }

    /// <summary>What was chosen, and what the next better way would need, in a sentence or two.</summary>
    public required string Explanation { get; init; }
}
