using System.Text;
using PaliGguf.Cli.Models;
using PaliGguf.Cli.Settings;
using PaliGguf.Cli.Terminals;
using PaliGguf.Evaluation.Datasets;
using PaliGguf.Evaluation.Journals;
using PaliGguf.Evaluation.Runs;
using PaliGguf.Evaluation.Scoring;
using PaliGguf.Language;

namespace PaliGguf.Cli.Evaluations;

/// <summary>Asks a model what a data set asks, keeps the answers, and scores them.</summary>
internal sealed class DatasetTask(Terminal terminal, UserSettings settings, ModelLoader loader)
{
    /// <param name="choice">The data set, and where the answers go.</param>
    /// <param name="metrics">The task and its metrics.</param>
    /// <param name="report">What is told beside the scores.</param>
    /// <param name="cancellationToken">Ends it; the answers that are in the journal stay.</param>
    /// <returns>The exit code: a failure if there was one with any item.</returns>
    public async Task<int> RunAsync(DatasetChoice choice, MetricChoice metrics, ReportChoice report, CancellationToken cancellationToken)
    {
        ReportPrinter printer = new(terminal, settings, loader);
        printer.Check(report);
        EvaluationTask task = EvaluationTask.Find(metrics.Task ?? throw new UsageException("what to ask is not said; name a task with --task."));

        // What is malformed is found before the model has worked for hours.
        MetricOptions options = metrics.Load(loader);
        IReadOnlyList<EvaluationItem> items = await ReadAsync(choice, task, metrics, cancellationToken);
        GenerationRequest request = settings.Request("", []) with { MaxTokens = settings.MaxTokensIfSet ?? task.MaxTokens };
        JournalHeader header = Header(choice, task, request);
        using JournalWriter? journal = choice.Journal is { } path ? JournalWriter.Open(path, header) : null;
        EvaluationRun run = new(task, items, item => task.PromptOf(item, settings.Lang, choice.Prompt), journal, choice.Again);
        List<JournalEntry> entries = [.. run.Done];
        if (run.OpenPrompts.Count > 0) await AnswerAsync(run, items, request, choice, entries, cancellationToken);

        if (choice.Export is { } export) Export(export, task, items, entries, options);
        JournalEntry[] failed = [.. entries.Where(entry => entry.Failed)];
        if (failed.Length > 0)
        {
            ErrorLine.Print($"{failed.Length} of {items.Count} items have no answer, the first is '{failed[0].Id}': {failed[0].Failure}");
        }

        if (failed.Length == entries.Count) return ExitCode.Failure;
        if (report.IsDetailed)
        {
            Dictionary<string, JournalEntry> byId = entries.ToDictionary(entry => entry.Id, StringComparer.Ordinal);
            await printer.PrintAsync(choice.Journal, header, byId, items, metrics, options, report, cancellationToken);
        }
        else
        {
            await ScoreAsync(items, entries, report, metrics, options, cancellationToken);
        }

        return failed.Length > 0 ? ExitCode.Failure : ExitCode.Success;
    }

    private async Task<IReadOnlyList<EvaluationItem>> ReadAsync(
        DatasetChoice choice, EvaluationTask task, MetricChoice metrics, CancellationToken cancellationToken)
    {
        DatasetOptions options = choice.Place with { Masks = metrics.NeedsMasks || task.Finds == Findings.Masks };
        await using SlowStatus status = new(terminal, "reading the data set");
        IReadOnlyList<EvaluationItem> all = await Task.Run(() => Dataset.Read(choice.Path, options, cancellationToken), cancellationToken);
        return choice.Limit is { } limit ? ItemSelection.Take(all, limit, choice.Seed) : all;
    }

    private static void Export(
        string path, EvaluationTask task, IReadOnlyList<EvaluationItem> items, List<JournalEntry> entries, MetricOptions options)
    {
        if (task.Finds != Findings.None && items.All(item => item.Coco is not null))
        {
            CocoResults.WriteObjects(path, items, entries, options.Masks);
        }
        else
        {
            CocoResults.Write(path, entries, captions: task.Name.EndsWith("captions", StringComparison.Ordinal));
        }
    }

    private async Task AnswerAsync(
        EvaluationRun run, IReadOnlyList<EvaluationItem> items, GenerationRequest request, DatasetChoice choice, List<JournalEntry> entries,
        CancellationToken cancellationToken)
    {
        bool severalQuestions = items.Select(item => item.Picture.Name).Distinct(StringComparer.Ordinal).Count() < items.Count;
        string longest = run.OpenPrompts.MaxBy(Encoding.UTF8.GetByteCount)!;
        ModelOptions options = loader.Options(images: 1, request with { Prompt = longest }) with
        {
            Sequences = Math.Min(choice.Sequences, run.OpenPrompts.Count),
            SoftTokenCacheBytes = severalQuestions ? ModelOptions.OnePicture : 0,
        };
        await using PaliModel model = await loader.LoadAsync(options, cancellationToken);
        try
        {
            await using SlowStatus status = new(terminal, "answering");
            RunProgress progress = new(status, entries.Count, () => items.Count);
            await foreach (JournalEntry entry in run.AnswerAsync(model, request, cancellationToken))
            {
                entries.Add(entry);
                progress.Step();
            }
        }
        catch (OperationCanceledException) when (choice.Journal is { } journal)
        {
            ErrorLine.Print($"ended after {entries.Count} of {items.Count} items; the same command goes on with the others ({journal}).");
            throw;
        }
    }

    private async Task ScoreAsync(
        IReadOnlyList<EvaluationItem> items, List<JournalEntry> entries, ReportChoice report, MetricChoice metrics, MetricOptions options,
        CancellationToken cancellationToken)
    {
        ScoresJson scores;
        await using (SlowStatus status = new(terminal, "scoring"))
        {
            Dictionary<string, GivenAnswer> answers = entries.Where(entry => !entry.Failed).ToDictionary(
                entry => entry.Id, entry => entry.Given(), StringComparer.Ordinal);
            AnswerSheet sheet = AnswerSheet.Create(answers, [.. items.Select(item => item.Expected)], partial: true);
            scores = new ScoresJson(
                metrics.Task, answers.Count, await ScoreTable.ScoreAsync(metrics.Metrics, sheet, options, status, cancellationToken))
            {
                Failures = entries.Count - answers.Count,
            };
        }

        ScoreTable.Print(terminal, scores, settings.Json, report.Markdown);
    }

    // Whatever changes an answer.
    private JournalHeader Header(DatasetChoice choice, EvaluationTask task, GenerationRequest request)
    {
        SortedDictionary<string, string> options = AnswerFacts.Options(settings, request);
        options["lang"] = settings.Lang;
        options["prompt"] = choice.Prompt ?? "";
        return AnswerFacts.Header(settings, loader, task.Name, choice.Path, options) with
        {
            Images = choice.Place.Images,
            Annotations = choice.Place.Annotations,
            Split = choice.Place.Split,
        };
    }
}
