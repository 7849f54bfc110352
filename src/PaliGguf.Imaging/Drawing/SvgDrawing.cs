using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using SkiaSharp;

namespace PaliGguf.Imaging.Drawing;

/// <summary>
/// Draws a plan as an SVG, of the same paths as its pixels. Letters are outlines, so that it looks the same where the fonts are not; over
/// them lies the text itself, unseen, to be found, read aloud and copied.
/// </summary>
internal static partial class SvgDrawing
{
    public static string Write(int width, int height, string pictureAddress, DrawingPlan plan, AnnotationStyle style)
    {
        StringBuilder svg = new();
        Line($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">");
        Line($"<image width=\"{width}\" height=\"{height}\" href=\"{XmlText.Escape(pictureAddress)}\"/>");
        foreach ((PlacedAnnotation placed, IReadOnlyList<DrawnPath> paths) in DrawingPaths.Of(plan, style))
        {
            Line($"<g stroke-linejoin=\"round\"><title>{XmlText.Escape(placed.Source.Label)}</title>");
            foreach (DrawnPath path in paths) Line($"<path d=\"{Data(path.Path)}\" {Paint(path)}/>");
            if (paths[^1].Stroke == 0 && placed.Line is { } line)
            {
                (float x, float y) = plan.Origin(placed);
                FormattableString size = $"font-size=\"{plan.TypeSize:0.##}\" textLength=\"{line.Width:0.##}\"";
                const string unseen = "lengthAdjust=\"spacingAndGlyphs\" fill-opacity=\"0\"";
                Line($"<text x=\"{x:0.##}\" y=\"{y:0.##}\" {size} {unseen}>{XmlText.Escape(line.Text)}</text>");
            }

            Line($"</g>");
        }

        Line($"</svg>");
        return svg.ToString();

        void Line(FormattableString line) => svg.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }

    private static string Paint(DrawnPath path)
    {
        string kind = path.Stroke > 0 ? "stroke" : "fill";
        string opacity = path.Opacity < 1 ? string.Create(CultureInfo.InvariantCulture, $" {kind}-opacity=\"{path.Opacity:0.###}\"") : "";
        string rest = path.Stroke > 0 ? string.Create(CultureInfo.InvariantCulture, $" stroke-width=\"{path.Stroke:0.##}\" fill=\"none\"")
            : path.Path.FillType == SKPathFillType.EvenOdd ? " fill-rule=\"evenodd\"" : "";
        return $"{kind}=\"{path.Colour}\"{opacity}{rest}";
    }

    /// <summary>The path with two decimals.</summary>
    private static string Data(SKPath path) => LongNumber().Replace(
        path.ToSvgPathData(),
        static number => float.Parse(number.ValueSpan, CultureInfo.InvariantCulture).ToString("0.##", CultureInfo.InvariantCulture));

    [GeneratedRegex(@"-?[0-9]*\.[0-9]{3,}(e-?[0-9]+)?|-?[0-9.]+e-?[0-9]+", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex LongNumber();
}
