using PaliGguf.Tasks.Masks;

namespace PaliGguf.Tasks;

/// <summary>An instance that the model found.</summary>
public record Detection
{
    /// <summary>What it is: one of the labels that were asked for, as it was spelled there.</summary>
    public required string Label { get; init; }

    /// <summary>Where it is, in pixels of the original picture.</summary>
    public required PixelBox Box { get; init; }

    /// <summary>Where it is, as a fraction of the picture.</summary>
    public required NormalizedBox NormalizedBox { get; init; }

    /// <summary>How sure the model is of it, 0 to 1: see <see cref="DetectionOptions.MinScore"/>.</summary>
    public required float Score { get; init; }

    /// <summary>Which of the answer's tokens say so: the first, and one past the last.</summary>
    public required Range Tokens { get; init; }
}

/// <summary>An instance that the model found, and its outline.</summary>
public sealed record Segment : Detection
{
    /// <summary>Which pixels are of it.</summary>
    public required Mask Mask { get; init; }
}
