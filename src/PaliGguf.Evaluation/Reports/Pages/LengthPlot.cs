using static PaliGguf.Evaluation.Reports.Pages.PlotFrame;

namespace PaliGguf.Evaluation.Reports.Pages;

/// <summary>Draws scores by the length of answers, with their intervals, as SVG.</summary>
internal static class LengthPlot
{
    private const double Shift = 8;

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
        PlotFrame frame = new(html, low, high);
        frame.Write($"{name} by the length of the answer", Numbers.Value, "tokens of the answer", () =>
        {
            foreach ((int group, LengthGroup lengths) in first.Index())
            {
                string range = lengths.Shortest == lengths.Longest
                    ? Numbers.Count(lengths.Shortest)
                    : $"{lengths.Shortest}-{lengths.Longest}";
                frame.Label(range, X(group), Height - Bottom + 18, "middle");
                string counts = string.Join(", ", series.Select(run => Numbers.Count(run.Groups[group].Answers)));
                frame.Label($"n = {counts}", X(group), Height - Bottom + 34, "middle");
            }

            foreach ((int run, (string runName, IReadOnlyList<LengthGroup> groups)) in series.Index())
            {
                foreach ((int group, LengthGroup lengths) in groups.Index())
                {
                    if (lengths.Mean is not { } mean) continue;
                    double x = X(group) + (series.Count == 1 ? 0 : ((2 * run) - 1) * Shift);
                    if (lengths.Interval is { } interval)
                    {
                        frame.Line($"run{run} whisker", x, frame.Y(interval.Low), x, frame.Y(interval.High));
                    }

                    string told = $"{runName}: {Numbers.Value(mean)} ({Numbers.Interval(lengths.Interval)})";
                    html.Element("circle", () => html.Element("title", told),
                        ("class", $"run{run}"), ("cx", Number(x)), ("cy", Number(frame.Y(mean))), ("r", "5"));
                }
            }
        });

        double X(int group) => Left + ((group + 0.5) * step);
    }

    private static IEnumerable<double> Ends(IReadOnlyList<(string Name, IReadOnlyList<LengthGroup> Groups)> series) =>
        from run in series
        from lengths in run.Groups
        let mean = lengths.Mean ?? 0
        from end in new[] { mean, lengths.Interval?.Low ?? mean, lengths.Interval?.High ?? mean }
        select end;
}
