using PaliGguf.Cli.Models;
using PaliGguf.Cli.Settings;
using PaliGguf.Cli.Terminals;
using PaliGguf.Evaluation.Datasets;
using PaliGguf.Evaluation.Journals;
using PaliGguf.Evaluation.Scoring;

namespace PaliGguf.Cli.Evaluations;

/// <summary>Reports what is in the journal of a run.</summary>
internal sealed class JournalTask(Terminal terminal, UserSettings settings, ModelLoader loader)
{
    /// <param name="path">The journal.</param>
    /// <param name="dataset">The data set; null for the one that the journal names.</param>
    /// <param name="place">Where its parts are; what it leaves open is as the journal says.</param>
    /// <param name="metrics">Chooses the metrics for the journal's task.</param>
    /// <param name="choice">What is told.</param>
    /// <param name="cancellationToken">Ends it without a report.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(
        string path, string? dataset, DatasetOptions place, Func<string, MetricChoice> metrics, ReportChoice choice,
        CancellationToken cancellationToken)
    {
        ReportPrinter printer = new(terminal, settings, loader);
        printer.Check(choice);
        Journal journal = Journal.Read(path);
        MetricChoice chosen = metrics(journal.Header.Task);
        bool masks = chosen.NeedsMasks || EvaluationTask.Find(journal.Header.Task).Finds == Findings.Masks;
        MetricOptions options = chosen.Load(loader);
        DatasetOptions parts = place with
        {
            Images = place.Images ?? journal.Header.Images,
            Annotations = place.Annotations ?? journal.Header.Annotations,
            Split = place.Split ?? journal.Header.Split,
            Masks = masks,
        };
        IReadOnlyList<EvaluationItem> items;
        await using (SlowStatus status = new(terminal, "reading the data set"))
        {
            items = await Task.Run(
                () => Dataset.Read(dataset ?? journal.Header.Dataset, parts, cancellationToken), cancellationToken);
        }

        await printer.PrintAsync(path, journal.Header, journal.Entries, items, chosen, options, choice, cancellationToken);
        return ExitCode.Success;
    }
}
