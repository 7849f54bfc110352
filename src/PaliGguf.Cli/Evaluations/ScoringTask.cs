using System.Globalization;
using PaliGguf.Cli.Settings;
using PaliGguf.Cli.Terminals;
using PaliGguf.Evaluation.Datasets;
using PaliGguf.Evaluation.Scoring;
using Spectre.Console;

namespace PaliGguf.Cli.Evaluations;

/// <summary>Scores a file of answers and prints the table.</summary>
internal sealed class ScoringTask(Terminal terminal, UserSettings settings)
{
    /// <param name="predictions">The file of answers.</param>
    /// <param name="references">The file of expected answers.</param>
    /// <param name="choice">The metrics.</param>
    /// <param name="partial">Whether to leave out what has no answer.</param>
    /// <param name="markdown">Whether to print Markdown.</param>
    /// <param name="cancellationToken">Ends it without a result.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(
        string predictions, string references, MetricChoice choice, bool partial, bool markdown, CancellationToken cancellationToken)
    {
        if (markdown && settings.Json) throw new UsageException("--json and --markdown exclude each other.");
        ScoresJson scores;
        await using (SlowStatus status = new(terminal, "scoring"))
        {
            MetricOptions options = choice.Load();
            AnswerSheet sheet = AnswerSheet.Create(PredictionFile.Read(predictions), ReferenceFile.Read(references), partial);
            List<MetricJson> metrics = [];
            foreach ((int done, string name) in choice.Metrics.Index())
            {
                status.Report($"scoring: {name}", (double)done / choice.Metrics.Count);
                metrics.Add(new MetricJson(
                    name, await Task.Run(() => AnswerMetrics.Score(name, sheet, options, cancellationToken), cancellationToken)));
            }

            scores = new ScoresJson(choice.Task, sheet.Predictions.Count, metrics);
        }

        if (settings.Json) terminal.WriteJson(scores, EvaluationsJson.Default.ScoresJson);
        else if (markdown) PrintMarkdown(scores);
        else Print(scores);
        return ExitCode.Success;
    }

    private void Print(ScoresJson scores)
    {
        Grid grid = new Grid().AddColumn().AddColumn(new GridColumn { Alignment = Justify.Right });
        foreach (MetricValue value in scores.Metrics.SelectMany(metric => metric.Values))
        {
            grid.AddRow(Markup.Escape(value.Name), Number(value.Value));
        }

        grid.AddRow("answers", Text($"{scores.Answers}"));
        terminal.Tables().Write(grid);
    }

    private void PrintMarkdown(ScoresJson scores)
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
