using System.Numerics;
using PaliGguf.Tasks;

namespace PaliGguf.Imaging.Drawing;

/// <summary>
/// One thing to point out in a picture: a label, where it is, and if known how sure that is and its exact shape. Positions are pixels of
/// the picture: x to the right and y down from the outer corner of the first pixel, so a picture of 448 pixels spans 0 to 448.
/// </summary>
public sealed record Annotation
{
    /// <summary>Describes one thing.</summary>
    /// <param name="label">What it is, in any language; may be empty. Equal labels get equal colours.</param>
    /// <param name="box">Where it is.</param>
    public Annotation(string label, AnnotationBox box)
    {
        ArgumentNullException.ThrowIfNull(label);
        (Label, Box) = (label, box);
    }

    /// <summary>What the model found, as it is drawn: with its score and, if it is a <see cref="Segment"/>, its mask.</summary>
    /// <param name="found">What was found.</param>
    public static Annotation Of(Detection found)
    {
        ArgumentNullException.ThrowIfNull(found);
        return new Annotation(found.Label, new AnnotationBox(found.Box.XMin, found.Box.YMin, found.Box.XMax, found.Box.YMax))
        {
            Score = found.Score,
            Mask = found is Segment segment ? AnnotationMask.Of(segment.Mask) : null,
        };
    }

    /// <summary>What it is.</summary>
    public string Label { get; }

    /// <summary>Where it is. What lies outside the picture is not drawn, nor the label of a box that lies wholly outside.</summary>
    public AnnotationBox Box { get; }

    /// <summary>How sure that is, as a rule 0 to 1; null when unknown. Written behind the label with two decimals.</summary>
    public float? Score { get; init; }

    /// <summary>Its shape as a bitmap; null when unknown. Not drawn when <see cref="Polygons"/> tells the shape as well.</summary>
    public AnnotationMask? Mask { get; init; }

    /// <summary>
    /// Its shape as closed rings of points, outer contours and holes in any order and direction: what lies in an odd number of rings is
    /// inside. The last point is joined to the first. Rings of fewer than three points are left out.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<Vector2>>? Polygons { get; init; }
}

/// <summary>A box in pixels of the picture.</summary>
public readonly record struct AnnotationBox
{
    /// <summary>Makes a box from its edges.</summary>
    /// <param name="xMin">The left edge.</param>
    /// <param name="yMin">The upper edge.</param>
    /// <param name="xMax">The right edge, not left of the left one.</param>
    /// <param name="yMax">The lower edge, not above the upper one.</param>
    /// <exception cref="ArgumentException">An edge is not finite, or two are in the wrong order.</exception>
    public AnnotationBox(float xMin, float yMin, float xMax, float yMax)
    {
        bool finite = float.IsFinite(xMin) && float.IsFinite(yMin) && float.IsFinite(xMax) && float.IsFinite(yMax);
        if (!finite || xMin > xMax || yMin > yMax)
            throw new ArgumentException($"There is no box from ({xMin}, {yMin}) to ({xMax}, {yMax}).");
        (XMin, YMin, XMax, YMax) = (xMin, yMin, xMax, yMax);
    }

    /// <summary>The left edge.</summary>
    public float XMin { get; }

    /// <summary>The upper edge.</summary>
    public float YMin { get; }

    /// <summary>The right edge.</summary>
    public float XMax { get; }

    /// <summary>The lower edge.</summary>
    public float YMax { get; }
}
