using System.Text;
using PaliGguf.Cli.Models;
using PaliGguf.Cli.Settings;
using PaliGguf.Cli.Terminals;
using PaliGguf.Evaluation.Datasets;
using PaliGguf.Evaluation.Journals;
using PaliGguf.Evaluation.Reports;
using PaliGguf.Evaluation.Reports.Pages;
using PaliGguf.Evaluation.Scoring;
using PaliGguf.Imaging;
using PaliGguf.Tasks.Masks;
using Spectre.Console;

namespace PaliGguf.Cli.Evaluations;

/// <summary>Makes the report of a run, prints its table, and writes its page.</summary>
internal sealed class ReportPrinter(Terminal terminal, UserSettings settings, ModelLoader loader)
{
    /// <summary>Finds what is wrong with a choice before a model has worked for hours.</summary>
    /// <exception cref="UsageException">Options contradict each other, or name a folder that there is not.</exception>
    public void Check(ReportChoice choice)
    {
        if (choice.Markdown && settings.Json) throw new UsageException("--json and --markdown exclude each other.");
        if (choice.Against is { } against && !File.Exists(against))
        {
            throw new UsageException($"--against {against}: there is no such journal.");
        }

        if (choice.Html is not { } html) return;
        string full = Path.GetFullPath(html);
        if (Directory.Exists(full)) throw new UsageException($"--html {html} is a folder; expected a file's name.");
        if (!Directory.Exists(Path.GetDirectoryName(full))) throw new UsageException($"--html {html}: its folder does not exist.");
    }

    /// <summary>Reports a run.</summary>
    /// <param name="journal">Its journal's path, which tells two runs of one model apart; null without one.</param>
    /// <param name="header">What answers it holds.</param>
    /// <param name="entries">The answers.</param>
    /// <param name="items">The data set.</param>
    /// <param name="metrics">The metrics.</param>
    /// <param name="metricOptions">What they need besides.</param>
    /// <param name="choice">What is told.</param>
    /// <param name="cancellationToken">Ends it without a report.</param>
    public async Task PrintAsync(
        string? journal, JournalHeader header, IReadOnlyDictionary<string, JournalEntry> entries, IReadOnlyList<EvaluationItem> items,
        MetricChoice metrics, MetricOptions metricOptions, ReportChoice choice, CancellationToken cancellationToken)
    {
        EvaluationReport report;
        await using (SlowStatus status = new(terminal, "scoring"))
        {
            ReportRun run = new(Name(header), header, entries);
            ReportRun? against = null;
            if (choice.Against is { } path)
            {
                Journal other = Journal.Read(path);
                against = new ReportRun(Name(other.Header), other.Header, other.Entries);
                if (against.Name == run.Name)
                {
                    run = run with { Name = journal is null ? $"{run.Name} (now)" : $"{run.Name} ({Path.GetFileName(journal)})" };
                    against = against with { Name = $"{against.Name} ({Path.GetFileName(path)})" };
                }
            }

            report = await Task.Run(
                () => ReportMaking.Make(items, run, against, metrics.Metrics, metricOptions, choice.Options(), cancellationToken),
                cancellationToken);
            if (choice.Html is { } html)
            {
                status.Report("drawing pictures", 1);
                string page = await ReportPage.WriteAsync(report, metricOptions.Masks ?? Decoder(header.Task), cancellationToken);
                ImageFile.WriteWhole(html, Encoding.UTF8.GetBytes(page), cancellationToken);
            }
        }

        if (settings.Json) terminal.WriteJson(ReportJson.From(report), EvaluationsJson.Default.ReportJson);
        else if (choice.Markdown) PrintMarkdown(report);
        else PrintGrid(report);
    }

    private static string Name(JournalHeader header) =>
        string.Join(" + ", header.Adapters.Select(adapter => adapter.Name).Prepend(header.Model.Name));

    // The page does without masks where there is no model.
    private MaskDecoder? Decoder(string task)
    {
        if (EvaluationTask.Find(task).Finds != Findings.Masks || settings.ModelPath.Length == 0) return null;
        return MaskDecoder.Read(loader.Find().Vision);
    }

    private void PrintGrid(EvaluationReport report)
    {
        string[] head = ReportTable.Head(report);
        Grid grid = new();
        foreach ((int column, _) in head.Index())
        {
            grid.AddColumn(new GridColumn { Alignment = column == 0 ? Justify.Left : Justify.Right, NoWrap = true });
        }

        grid.AddRow([.. head.Select(Markup.Escape)]);
        foreach (ReportedValue value in report.Values) grid.AddRow([.. ReportTable.Row(report, value).Select(Markup.Escape)]);
        grid.AddRow(["answers", Numbers.Count(report.Answers), .. Enumerable.Repeat("", head.Length - 2)]);
        terminal.Tables().Write(grid);
    }

    private void PrintMarkdown(EvaluationReport report)
    {
        string[] head = ReportTable.Head(report);
        terminal.WriteLine(Line(head));
        terminal.WriteLine("|---|" + string.Concat(Enumerable.Repeat("---:|", head.Length - 1)));
        foreach (ReportedValue value in report.Values) terminal.WriteLine(Line(ReportTable.Row(report, value)));
        terminal.WriteLine(Line(["answers", Numbers.Count(report.Answers), .. Enumerable.Repeat("", head.Length - 2)]));
    }

    // A name may hold whatever a file's name can.
    private static string Line(IEnumerable<string> cells) => "| " + string.Join(" | ", cells.Select(cell => PlainText.Line(cell)
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("|", "\\|", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal))) + " |";
}
