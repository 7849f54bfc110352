using System.Numerics;

namespace PaliGguf.Imaging.Drawing;

/// <summary>What is drawn of one annotation, and where; both ways of drawing follow it.</summary>
internal sealed class PlacedAnnotation
{
    public required Annotation Source { get; init; }

    public required Colour Colour { get; init; }

    /// <summary>The outer edge of the box's line; null when no box is drawn.</summary>
    public Rectangle? Frame { get; init; }

    /// <summary>The shape; empty when none is drawn.</summary>
    public IReadOnlyList<IReadOnlyList<Vector2>> Shape { get; init; } = [];

    /// <summary>The text of the label; empty when none is written.</summary>
    public string Text { get; init; } = "";

    /// <summary>The field under the text.</summary>
    public Rectangle Field { get; set; }
}
