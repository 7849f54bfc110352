using PaliGguf.Evaluation.Metrics.Objects;

namespace PaliGguf.Evaluation.Datasets;

/// <summary>What is expected of an answer.</summary>
/// <param name="Id">What it belongs to: a picture or a question.</param>
/// <param name="References">The expected answers; none only where objects are expected.</param>
/// <param name="Type">The type of the question, or of its answer; null where the file has none.</param>
/// <param name="IsSimple">Whether a counting question is simple; null where that is not known.</param>
public sealed record ExpectedAnswer(string Id, IReadOnlyList<string> References, string? Type = null, bool? IsSimple = null)
{
    /// <summary>
    /// The objects that are to be found; null where the file has none, and they are those of the first reference, if it is one to
    /// <c>detect</c> or <c>segment</c>.
    /// </summary>
    public IReadOnlyList<ExpectedObject>? Objects { get; init; }

    /// <summary>The picture's size, which boxes in pixels need; null where the file does not tell.</summary>
    public PictureSize? Size { get; init; }
}

/// <summary>An object in a picture.</summary>
/// <param name="Label">What it is called.</param>
/// <param name="Box">Its box, in pixels.</param>
/// <param name="Mask">Its mask over the whole picture; null without one.</param>
/// <param name="ToldArea">The area that the file tells, in square pixels; null where it tells none.</param>
/// <param name="IsCrowd">Whether it is a crowd, which need not be found.</param>
public sealed record ExpectedObject(string Label, CocoBox Box, ObjectMask? Mask, double? ToldArea, bool IsCrowd = false)
{
    /// <summary>
    /// The area by which it counts as small, medium or large, in square pixels: that which is told, or its mask's, which is filled for it
    /// each time, or its box's.
    /// </summary>
    public double Area => ToldArea ?? Mask?.ToRuns().Area ?? Box.Area;
}

/// <summary>The size of a picture.</summary>
/// <param name="Width">In pixels, at least 1.</param>
/// <param name="Height">In pixels, at least 1.</param>
public readonly record struct PictureSize(int Width, int Height);
