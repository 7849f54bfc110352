using System.Globalization;

namespace PaliGguf.Evaluation.Reports.Pages;

/// <summary>A plot as SVG: a frame in which values go up, with a line at some of them.</summary>
/// <param name="html">Where to.</param>
/// <param name="low">The value at the bottom.</param>
/// <param name="high">That at the top, above the other.</param>
internal sealed class PlotFrame(HtmlWriter html, double low, double high)
{
    public const double Width = 720;
    public const double Height = 300;
    public const double Left = 60;
    public const double Bottom = 56;
    private const double Top = 16;
    private const int Ticks = 4;

    /// <summary>Writes the plot.</summary>
    /// <param name="name">What is told to those who do not see it.</param>
    /// <param name="value">A value as a text.</param>
    /// <param name="along">What goes to the right.</param>
    /// <param name="content">Writes what is in the frame.</param>
    public void Write(string name, Func<double, string> value, string along, Action content) => html.Element("svg", () =>
    {
        for (int tick = 0; tick <= Ticks; tick++)
        {
            double at = low + ((high - low) * tick / Ticks);
            Line("grid", Left, Y(at), Width, Y(at));
            Label(value(at), Left - 6, Y(at) + 4, "end");
        }

        Label(along, Left + ((Width - Left) / 2), Height - 4, "middle");
        content();
    }, ("viewBox", FormattableString.Invariant($"0 0 {Width} {Height}")), ("role", "img"), ("aria-label", name));

    /// <summary>Where a value is.</summary>
    public double Y(double value) => Top + ((Height - Top - Bottom) * (high - value) / (high - low));

    /// <summary>Draws a line.</summary>
    public void Line(string kind, double x1, double y1, double x2, double y2) => html.Element(
        "line", "", ("class", kind), ("x1", Number(x1)), ("y1", Number(y1)), ("x2", Number(x2)), ("y2", Number(y2)));

    /// <summary>Writes a text.</summary>
    public void Label(string text, double x, double y, string anchor) =>
        html.Element("text", text, ("x", Number(x)), ("y", Number(y)), ("text-anchor", anchor));

    /// <summary>A coordinate.</summary>
    public static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
