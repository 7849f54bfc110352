using System.Numerics;
using SkiaSharp;

namespace PaliGguf.Imaging.Drawing;

/// <summary>What a plan looks like, as paths from the lowest to the highest; pixels and SVG are both made of them.</summary>
internal static class DrawingPaths
{
    /// <summary>How strong the dark lines beside coloured ones are.</summary>
    private const float HaloOpacity = 0.7f;

    /// <summary>How far along its tangent the control point of a quarter of a circle lies, in radii.</summary>
    private const float Quarter = 0.5523f;

    /// <summary>Of all annotations in turn: the shapes, then the frames, then the labels.</summary>
    public static IEnumerable<(PlacedAnnotation Of, IReadOnlyList<DrawnPath> Paths)> Of(DrawingPlan plan, AnnotationStyle style)
    {
        foreach (PlacedAnnotation placed in plan.Placed.Where(placed => placed.Shape.Count > 0))
            yield return (placed, Shape(placed, plan.Sizes, style));
        foreach (PlacedAnnotation placed in plan.Placed.Where(placed => placed.Frame is not null))
            yield return (placed, Frame(placed, plan.Sizes));
        foreach (PlacedAnnotation placed in plan.Placed.Where(placed => placed.Line is not null))
            yield return (placed, Label(placed, plan));
    }

    private static DrawnPath[] Shape(PlacedAnnotation placed, DrawingSizes sizes, AnnotationStyle style)
    {
        using SKPathBuilder builder = new() { FillType = SKPathFillType.EvenOdd };
        foreach (IReadOnlyList<Vector2> ring in placed.Shape)
            builder.AddPoly([.. ring.Select(point => new SKPoint(point.X, point.Y))], close: true);
        SKPath path = builder.Detach();
        return
        [
            new(path, placed.Colour, style.MaskOpacity),
            new(path, Colour.Ink, HaloOpacity, sizes.Outline + (2 * sizes.Halo)),
            new(path, placed.Colour, Stroke: sizes.Outline),
        ];
    }

    private static DrawnPath[] Frame(PlacedAnnotation placed, DrawingSizes sizes)
    {
        SKPath path = Rounded(placed.Frame!.Value, sizes.Line / 2f, sizes.FrameRadius - (sizes.Line / 2f));
        return [new(path, Colour.Ink, HaloOpacity, sizes.Line + (2 * sizes.Halo)), new(path, placed.Colour, Stroke: sizes.Line)];
    }

    private static DrawnPath[] Label(PlacedAnnotation placed, DrawingPlan plan)
    {
        (float x, float y) = plan.Origin(placed);
        using SKPathBuilder text = new();
        text.AddPath(placed.Line!.Outline, x, y);
        return
        [
            new(Rounded(placed.Field, 0, plan.Sizes.FieldRadius), Colour.Ink, HaloOpacity),
            new(Rounded(placed.Field, plan.Sizes.Halo, plan.Sizes.FieldRadius - plan.Sizes.Halo), placed.Colour),
            new(text.Detach(), placed.Colour.Contrasting),
        ];
    }

    private static SKPath Rounded(Rectangle rectangle, float inset, float radius)
    {
        (float left, float top, float right, float bottom) =
            (rectangle.Left + inset, rectangle.Top + inset, rectangle.Right - inset, rectangle.Bottom - inset);
        using SKPathBuilder path = new();
        if (left > right || top > bottom) return path.Detach();
        float r = Math.Clamp(radius, 0, Math.Min(right - left, bottom - top) / 2), k = r * (1 - Quarter);
        path.MoveTo(left + r, top);
        path.LineTo(right - r, top);
        path.CubicTo(right - k, top, right, top + k, right, top + r);
        path.LineTo(right, bottom - r);
        path.CubicTo(right, bottom - k, right - k, bottom, right - r, bottom);
        path.LineTo(left + r, bottom);
        path.CubicTo(left + k, bottom, left, bottom - k, left, bottom - r);
        path.LineTo(left, top + r);
        path.CubicTo(left, top + k, left + k, top, left + r, top);
        path.Close();
        return path.Detach();
    }
}
