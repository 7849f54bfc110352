namespace PaliGguf.Imaging.Drawing;

/// <summary>Draws a plan in pixels: shapes at the bottom, then frames, then labels.</summary>
internal static class PixelDrawing
{
    /// <summary>How strong the dark lines beside coloured ones are.</summary>
    public const float HaloOpacity = 0.7f;

    public static RgbImage Render(RgbImage picture, DrawingPlan plan, AnnotationStyle style)
    {
        Canvas canvas = new(picture);
        foreach (PlacedAnnotation placed in plan.Placed) PaintShape(canvas, placed, plan.Sizes, style);
        foreach (PlacedAnnotation placed in plan.Placed) PaintFrame(canvas, placed, plan.Sizes);
        foreach (PlacedAnnotation placed in plan.Placed) PaintLabel(canvas, placed, plan);
        return canvas.ToImage();
    }

    private static void PaintShape(Canvas canvas, PlacedAnnotation placed, DrawingSizes sizes, AnnotationStyle style)
    {
        if (placed.Shape.Count == 0) return;
        (System.Numerics.Vector2 least, System.Numerics.Vector2 most) = Rings.Bounds(placed.Shape);
        if (Coverage.Create(canvas, least.X, least.Y, most.X, most.Y) is not Coverage inside) return;
        inside.Fill(placed.Shape);
        canvas.Paint(inside, placed.Colour, style.MaskOpacity);
        canvas.PaintOutlines(placed.Shape, sizes.Outline + (2 * sizes.Halo), Colour.Ink, HaloOpacity);
        canvas.PaintOutlines(placed.Shape, sizes.Outline, placed.Colour);
    }

    private static void PaintFrame(Canvas canvas, PlacedAnnotation placed, DrawingSizes sizes)
    {
        if (placed.Frame is not Rectangle frame) return;
        canvas.PaintFrame(frame.Grown(sizes.Halo), sizes.FrameRadius + sizes.Halo, sizes.Line + (2 * sizes.Halo), Colour.Ink, HaloOpacity);
        canvas.PaintFrame(frame, sizes.FrameRadius, sizes.Line, placed.Colour);
    }

    private static void PaintLabel(Canvas canvas, PlacedAnnotation placed, DrawingPlan plan)
    {
        if (placed.Text.Length == 0) return;
        Rectangle field = placed.Field;
        canvas.PaintRectangle(field, plan.Sizes.FieldRadius, Colour.Ink, HaloOpacity);
        canvas.PaintRectangle(field.Grown(-plan.Sizes.Halo), plan.Sizes.FieldRadius - plan.Sizes.Halo, placed.Colour);
        if (Coverage.Create(canvas, field.Left, field.Top, field.Right, field.Bottom) is not Coverage text) return;
        plan.Font.Draw(placed.Text, field.Left + plan.Sizes.Padding, plan.BaseLine(field), text);
        canvas.Paint(text, placed.Colour.Contrasting);
    }
}
