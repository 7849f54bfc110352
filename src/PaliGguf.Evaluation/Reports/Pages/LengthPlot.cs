using System.Globalization;

namespace PaliGguf.Evaluation.Reports.Pages;

/// <summary>Draws scores by the length of answers, with their intervals, as SVG.</summary>
internal static class LengthPlot
{
    private const double Width = 720;
    private const double Height = 300;
    private const double Left = 60;
    private const double Top = 16;
    private const double Bottom = 56;
    private const double Shift = 8;
    private const int Ticks = 4;

    /// <summary>Writes the plot.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="name">What the value is called.</param>
    /// <param name="series">The runs, in the same groups: of one or two.</param>
    public static void Write(HtmlWriter html, string name, IReadOnlyList<(string Name, IReadOnlyList<LengthGroup> Groups)> series)
    {
        IReadOnlyList<LengthGroup> first = series[0].Groups;
        double low = Math.Min(0, Ends(series).Min());
        double high = Math.Max(low + 1e-9, Ends(series).Max());
        double step = (Width - Left) / first.Count;
        html.Element("svg", () =>
        {
            for (int tick = 0; tick <= Ticks; tick++)
            {
                double value = low + ((high - low) * tick / Ticks);
                Line(html, "grid", Left, Y(value), Width, Y(value));
                Label(html, Numbers.Value(value), Left - 6, Y(value) + 4, "end");
            }

            foreach ((int group, LengthGroup lengths) in first.Index())
            {
                string range = lengths.Shortest == lengths.Longest
                    ? Numbers.Count(lengths.Shortest)
                    : $"{lengths.Shortest}-{lengths.Longest}";
                Label(html, range, X(group), Height - Bottom + 18, "middle");
                string counts = string.Join(", ", series.Select(run => Numbers.Count(run.Groups[group].Answers)));
                Label(html, $"n = {counts}", X(group), Height - Bottom + 34, "middle");
            }

            Label(html, "tokens of the answer", Left + ((Width - Left) / 2), Height - 4, "middle");
            foreach ((int run, (string runName, IReadOnlyList<LengthGroup> groups)) in series.Index())
            {
                foreach ((int group, LengthGroup lengths) in groups.Index())
                {
                    if (lengths.Mean is not { } mean) continue;
                    double x = X(group) + (series.Count == 1 ? 0 : ((2 * run) - 1) * Shift);
                    if (lengths.Interval is { } interval) Line(html, $"run{run} whisker", x, Y(interval.Low), x, Y(interval.High));
                    string told = $"{runName}: {Numbers.Value(mean)} ({Numbers.Interval(lengths.Interval)})";
                    html.Element("circle", () => html.Element("title", told),
                        ("class", $"run{run}"), ("cx", Number(x)), ("cy", Number(Y(mean))), ("r", "5"));
                }
            }
        }, ("viewBox", FormattableString.Invariant($"0 0 {Width} {Height}")), ("role", "img"),
            ("aria-label", $"{name} by the length of the answer"));

        double X(int group) => Left + ((group + 0.5) * step);
        double Y(double value) => Top + ((Height - Top - Bottom) * (high - value) / (high - low));
    }

    private static IEnumerable<double> Ends(IReadOnlyList<(string Name, IReadOnlyList<LengthGroup> Groups)> series) =>
        from run in series
        from lengths in run.Groups
        let mean = lengths.Mean ?? 0
        from end in new[] { mean, lengths.Interval?.Low ?? mean, lengths.Interval?.High ?? mean }
        select end;

    private static void Line(HtmlWriter html, string kind, double x1, double y1, double x2, double y2) => html.Element(
        "line", "", ("class", kind), ("x1", Number(x1)), ("y1", Number(y1)), ("x2", Number(x2)), ("y2", Number(y2)));

    private static void Label(HtmlWriter html, string text, double x, double y, string anchor) =>
        html.Element("text", text, ("x", Number(x)), ("y", Number(y)), ("text-anchor", anchor));

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
