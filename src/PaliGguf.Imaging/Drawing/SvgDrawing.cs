using System.Globalization;
using System.Numerics;
using System.Text;

namespace PaliGguf.Imaging.Drawing;

/// <summary>Draws a plan as an SVG.</summary>
internal static class SvgDrawing
{
    // The part of a common sans-serif typeface's size that a capital letter is high.
    private const float LetterShare = 0.72f;

    public static string Write(int width, int height, string pictureAddress, DrawingPlan plan, AnnotationStyle style)
    {
        StringBuilder svg = new();
        DrawingSizes sizes = plan.Sizes;
        Line($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">");
        Line($"<image width=\"{width}\" height=\"{height}\" href=\"{XmlText.Escape(pictureAddress)}\"/>");
        Line($"<g stroke-linejoin=\"round\">");
        foreach (PlacedAnnotation placed in plan.Placed.Where(placed => placed.Shape.Count > 0))
        {
            string path = PathData(placed.Shape);
            float dark = sizes.Outline + (2 * sizes.Halo);
            Line($"<path d=\"{path}\" fill=\"{placed.Colour}\" fill-opacity=\"{style.MaskOpacity:0.###}\" fill-rule=\"evenodd\"/>");
            Line($"<path d=\"{path}\" fill=\"none\" stroke=\"{Colour.Ink}\" stroke-opacity=\"{PixelDrawing.HaloOpacity:0.###}\" stroke-width=\"{dark:0.##}\"/>");
            Line($"<path d=\"{path}\" fill=\"none\" stroke=\"{placed.Colour}\" stroke-width=\"{sizes.Outline:0.##}\"/>");
        }

        Line($"</g>");
        foreach (PlacedAnnotation placed in plan.Placed)
        {
            if (placed.Frame is not Rectangle frame) continue;
            string place = Attributes(frame, sizes.Line / 2f, sizes.FrameRadius - (sizes.Line / 2f));
            float dark = sizes.Line + (2 * sizes.Halo);
            Line($"<g fill=\"none\"><title>{XmlText.Escape(placed.Source.Label)}</title>");
            Line($"<rect {place} stroke=\"{Colour.Ink}\" stroke-opacity=\"{PixelDrawing.HaloOpacity:0.###}\" stroke-width=\"{dark}\"/>");
            Line($"<rect {place} stroke=\"{placed.Colour}\" stroke-width=\"{sizes.Line}\"/></g>");
        }

        Line($"<g font-family=\"system-ui, 'Noto Sans', Arial, sans-serif\" font-size=\"{sizes.Letter / LetterShare:0.##}\">");
        foreach (PlacedAnnotation placed in plan.Placed.Where(placed => placed.Text.Length > 0)) WriteLabel(svg, placed, plan);
        Line($"</g>");
        Line($"</svg>");
        return svg.ToString();

        void Line(FormattableString line) => svg.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }

    private static void WriteLabel(StringBuilder svg, PlacedAnnotation placed, DrawingPlan plan)
    {
        DrawingSizes sizes = plan.Sizes;
        string field = Attributes(placed.Field, sizes.Halo / 2f, sizes.FieldRadius);
        int length = placed.Field.Width - (2 * sizes.Padding);
        FormattableString label = $"""
            <rect {field} fill="{placed.Colour}" stroke="{Colour.Ink}" stroke-opacity="{PixelDrawing.HaloOpacity:0.###}" stroke-width="{sizes.Halo}"/>
            <text x="{placed.Field.Left + sizes.Padding}" y="{plan.BaseLine(placed.Field)}" textLength="{length}" lengthAdjust="spacingAndGlyphs" fill="{placed.Colour.Contrasting}">{XmlText.Escape(placed.Text)}</text>

            """;
        svg.Append(label.ToString(CultureInfo.InvariantCulture).ReplaceLineEndings("\n"));
    }

    private static string Attributes(Rectangle rectangle, float inset, float radius) => string.Create(
        CultureInfo.InvariantCulture,
        $"x=\"{rectangle.Left + inset}\" y=\"{rectangle.Top + inset}\" width=\"{Math.Max(0, rectangle.Width - (2 * inset))}\" height=\"{Math.Max(0, rectangle.Height - (2 * inset))}\" rx=\"{radius:0.##}\"");

    private static string PathData(IReadOnlyList<IReadOnlyList<Vector2>> rings)
    {
        StringBuilder data = new();
        foreach (IReadOnlyList<Vector2> ring in rings)
        {
            for (int i = 0; i < ring.Count; i++)
            {
                data.Append(i == 0 ? 'M' : 'L').Append(CultureInfo.InvariantCulture, $"{ring[i].X:0.##} {ring[i].Y:0.##}");
            }

            data.Append('Z');
        }

        return data.ToString();
    }
}
