using System.Globalization;
using PaliGguf.Evaluation.Reports.Pages;
using static PaliGguf.Evaluation.Reports.Pages.PlotFrame;

namespace PaliGguf.Training.Pages;

/// <summary>Draws curves over the steps of a run, as SVG.</summary>
internal static class CurvePlot
{
    private const int Ticks = 4;

    /// <summary>Writes the plot.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="steps">All steps of the run.</param>
    /// <param name="value">A value as a text.</param>
    /// <param name="curves">One or two, in the colours of the page. A curve without points is left out.</param>
    public static void Write(
        HtmlWriter html, long steps, Func<double, string> value, params IReadOnlyList<(string Name, Curve Curve)> curves)
    {
        (string Name, CurvePoint[] Points)[] drawn = [.. curves.Select(each => (each.Name, each.Curve.Points.ToArray()))];
        double high = drawn.SelectMany(each => each.Points).Select(point => point.Value).DefaultIfEmpty(1).Max();
        PlotFrame frame = new(html, 0, high > 0 ? high : 1);
        frame.Write(string.Join(" and ", curves.Select(each => each.Name)), value, "steps", () =>
        {
            for (int tick = 0; tick <= Ticks; tick++)
            {
                long step = steps * tick / Ticks;
                frame.Label(step.ToString(CultureInfo.InvariantCulture), X(step), Height - Bottom + 18, tick == Ticks ? "end" : "middle");
            }

            foreach ((int number, (string name, CurvePoint[] points)) in drawn.Index())
            {
                if (points.Length == 0) continue;
                string line = string.Join(' ', points.Select(point => $"{Number(X(point.Step))},{Number(frame.Y(point.Value))}"));
                html.Element("polyline", () => html.Element("title", $"{name}: {value(points[^1].Value)} after step {points[^1].Step}"),
                    ("class", $"run{number} curve"), ("points", line));
                if (points.Length > 1) continue;
                html.Element("circle", "", ("class", $"run{number}"),
                    ("cx", Number(X(points[0].Step))), ("cy", Number(frame.Y(points[0].Value))), ("r", "3"));
            }
        });

        double X(long step) => Left + ((Width - Left) * step / Math.Max(1, steps));
    }
}
