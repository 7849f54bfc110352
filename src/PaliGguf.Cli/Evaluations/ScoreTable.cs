using System.Globalization;
using PaliGguf.Cli.Terminals;
using PaliGguf.Evaluation.Scoring;
using Spectre.Console;

namespace PaliGguf.Cli.Evaluations;

/// <summary>Computes metrics one after the other, and prints them as a table.</summary>
internal static class ScoreTable
{
    /// <summary>Scores answers.</summary>
    /// <exception cref="PaliException">A metric does not go with them.</exception>
    public static async Task<IReadOnlyList<MetricJson>> ScoreAsync(
        IReadOnlyList<string> names, AnswerSheet sheet, MetricOptions options, SlowStatus status, CancellationToken cancellationToken)
    {
        List<MetricJson> metrics = [];
        foreach ((int done, string name) in names.Index())
        {
            status.Report($"scoring: {name}", (double)done / names.Count);
            metrics.Add(new MetricJson(
                name, await Task.Run(() => AnswerMetrics.Score(name, sheet, options, cancellationToken), cancellationToken)));
        }

        return metrics;
    }

    /// <summary>Prints scores.</summary>
    public static void Print(Terminal terminal, ScoresJson scores, bool json, bool markdown)
    {
        if (json) terminal.WriteJson(scores, EvaluationsJson.Default.ScoresJson);
        else if (markdown) PrintMarkdown(terminal, scores);
        else PrintGrid(terminal, scores);
    }

    private static void PrintGrid(Terminal terminal, ScoresJson scores)
    {
        Grid grid = new Grid().AddColumn().AddColumn(new GridColumn { Alignment = Justify.Right });
        foreach (MetricValue value in scores.Metrics.SelectMany(metric => metric.Values))
        {
            grid.AddRow(Markup.Escape(value.Name), Number(value.Value));
        }

        grid.AddRow("answers", Text($"{scores.Answers}"));
        terminal.Tables().Write(grid);
    }

    private static void PrintMarkdown(Terminal terminal, ScoresJson scores)
    {
        terminal.WriteLine(Text($"| metric | {scores.Answers} answers |"));
        terminal.WriteLine("|---|---|");
        foreach (MetricValue value in scores.Metrics.SelectMany(metric => metric.Values))
        {
            terminal.WriteLine($"| {value.Name.Replace("|", "\\|", StringComparison.Ordinal)} | {Number(value.Value)} |");
        }
    }

    private static string Number(double value) => Text($"{value:0.0000}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
