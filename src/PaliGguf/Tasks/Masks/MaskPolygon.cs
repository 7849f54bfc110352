using System.Collections.Immutable;

namespace PaliGguf.Tasks.Masks;

/// <summary>A corner of an outline, in pixels from the left and from the top: (0, 0) is the upper left corner of the first pixel.</summary>
public readonly record struct MaskPoint(int X, int Y);

/// <summary>One connected part of a mask. Outlines are closed: the last corner is joined to the first.</summary>
/// <param name="Outer">The outer outline, clockwise as one sees it.</param>
/// <param name="Holes">The outlines of its holes, counter-clockwise.</param>
public sealed record MaskPolygon(ImmutableArray<MaskPoint> Outer, ImmutableArray<ImmutableArray<MaskPoint>> Holes)
{
    /// <summary>Leaves corners out that the outlines can do without.</summary>
    /// <param name="tolerance">How far, in pixels, the new outlines may lie from the old ones.</param>
    /// <returns>Outlines of at least three corners; an outer one that would collapse stays as it is, a hole that would is left out.</returns>
    internal MaskPolygon Simplify(double tolerance)
    {
        if (tolerance == 0) return this;
        ImmutableArray<MaskPoint> outer = OutlineSimplification.Simplify(Outer, tolerance);
        return new MaskPolygon(
            outer.Length >= 3 ? outer : Outer,
            [.. Holes.Select(hole => OutlineSimplification.Simplify(hole, tolerance)).Where(hole => hole.Length >= 3)]);
    }

    internal MaskPolygon Move(int right, int down)
    {
        return right == 0 && down == 0 ? this : new MaskPolygon(Moved(Outer), [.. Holes.Select(Moved)]);

        ImmutableArray<MaskPoint> Moved(ImmutableArray<MaskPoint> outline) => [.. outline.Select(point => new MaskPoint(point.X + right, point.Y + down))];
    }
}
