using System.Collections.Immutable;
using PaliGguf.Language;

namespace PaliGguf.Tasks;

/// <summary>What an answer to <c>detect</c> or <c>segment</c> says.</summary>
public abstract record InstanceResult
{
    /// <summary>What the model wrote that is no instance; always empty unless the answer was free or reached its longest length.</summary>
    public required ImmutableArray<RejectedPart> Rejected { get; init; }

    /// <summary>The answer as the model wrote it; one line for each label when these were asked for one at a time.</summary>
    public required string Text { get; init; }

    /// <summary>Where the time went; sums, when labels were asked for one at a time.</summary>
    public required GenerationTimings Timings { get; init; }
}

/// <summary>What the model found.</summary>
public sealed record DetectionResult : InstanceResult
{
    /// <summary>The instances, those with the highest score first; none if nothing is there.</summary>
    public required ImmutableArray<Detection> Detections { get; init; }
}

/// <summary>What the model found, with masks.</summary>
public sealed record SegmentationResult : InstanceResult
{
    /// <summary>The instances, those with the highest score first; none if nothing is there.</summary>
    public required ImmutableArray<Segment> Segments { get; init; }
}
