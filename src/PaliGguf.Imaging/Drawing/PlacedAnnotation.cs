using System.Numerics;
using PaliGguf.Imaging.Drawing.Lettering;

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

    /// <summary>The label, shaped; null when none is written.</summary>
    public TextLine? Line { get; init; }

    /// <summary>The field under the text.</summary>
    public Rectangle Field { get; set; }
}
