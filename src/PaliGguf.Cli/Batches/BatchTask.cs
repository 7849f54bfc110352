using System.Globalization;
using PaliGguf.Batch.Exports;
using PaliGguf.Batch.Results;
using PaliGguf.Batch.Runs;
using PaliGguf.Batch.Sources;
using PaliGguf.Broker.Collecting;
using PaliGguf.Cli.Evaluations;
using PaliGguf.Cli.Hosting;
using PaliGguf.Cli.Models;
using PaliGguf.Cli.Settings;
using PaliGguf.Cli.Terminals;
using PaliGguf.Evaluation.Journals;

namespace PaliGguf.Cli.Batches;

/// <summary>Asks about any number of pictures, and goes on where an earlier run has stopped.</summary>
internal sealed class BatchTask(
    Terminal terminal, UserSettings settings, BrokerSettings broker, ModelLoader loader, InterruptGrace grace)
{
    /// <param name="choice">The batch.</param>
    /// <param name="interrupted">Takes no more pictures; what is begun is finished.</param>
    /// <returns>The exit code: a failure if there was one with any picture, in this run or an earlier one.</returns>
    public async Task<int> RunAsync(BatchChoice choice, CancellationToken interrupted)
    {
        ResultForm.Check(choice.Paths, choice.Questions);
        if (choice.Captions) CaptionFiles.Check(choice.Questions);
        CocoCategories categories = choice.Categories is { } file ? CocoCategories.Read(file) : CocoCategories.Of(choice.Questions);
        IWorkSource source = WorkSources.Open(choice.Inputs, choice.Source);
        using ResultJournal results = ResultJournal.Open(choice.Paths, Header(choice));
        using BatchRun run = new(source, results, choice.Questions, choice.RetryFailed, choice.Limit ?? long.MaxValue);
        bool complete = !await FindOpenAsync(run, interrupted) || await AnswerAsync(run, source, choice, interrupted);
        long missing = complete ? run.Finish() : 0;
        if (missing > 0)
            ErrorLine.Print($"{missing} pictures that {choice.RetryFailed} names were not found any more, so it stays as it is.");
        if (complete) ResultForm.Write(choice.Paths, categories);
        bool hasFailures = results.FailureBytes > 0;
        Tell(run.Tally, complete, hasFailures, choice);
        return !complete ? ExitCode.Interrupted : hasFailures ? ExitCode.Failure : ExitCode.Success;
    }

    private async Task<bool> FindOpenAsync(BatchRun run, CancellationToken interrupted)
    {
        await using SlowStatus status = new(terminal, "looking for what is not done");
        return await Task.Run(() => run.FindOpen(interrupted), interrupted);
    }

    private async Task<bool> AnswerAsync(BatchRun run, IWorkSource source, BatchChoice choice, CancellationToken interrupted)
    {
        AnswerOptions options = new(choice.Questions)
        {
            Request = settings.Request("", choice.Stop),
            Instances = settings.Instances,
            Sequences = choice.Sequences,
            Probabilities = choice.Probabilities,
        };
        if (broker.Broker is { } address)
        {
            CollectorOptions asked = new(address, broker.Job, BatchModel.Facts(settings, loader), options)
            {
                Inline = broker.Inline,
                Window = broker.Window,
                Round = choice.RetryFailed is { } failures ? FileFingerprint.Of(failures) : "",
                Tell = ErrorLine.Print,
            };
            using JobCollector collector = new(asked, interrupted);
            return await AnswerAsync(run, source, choice, collector.AnswerAsync, interrupted);
        }

        await using PaliModel model = await loader.LoadAsync(BatchModel.Options(loader, options), interrupted);
        return await AnswerAsync(run, source, choice, new PictureAnswerer(model, options).AnswerAsync, interrupted);
    }

    private async Task<bool> AnswerAsync(
        BatchRun run, IWorkSource source, BatchChoice choice, AnswerEach answer, CancellationToken interrupted)
    {
        using CancellationTokenSource counting = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        Task<long?> all = choice.RetryFailed is null ? Task.Run(() => source.Count(counting.Token), counting.Token)
            : Task.FromResult<long?>(null);
        grace.Time = Timeout.InfiniteTimeSpan;
        try
        {
            await using SlowStatus status = new(terminal, "answering");
            RunProgress progress =
                new(status, run.Tally.Done, () => all.IsCompletedSuccessfully && all.Result is { } count
                ? Math.Min(count, choice.Limit ?? count) : null);
            return await run.RunAsync(
                choice.Captions ? Captioned(answer) : answer, new Steps(progress), interrupted, CancellationToken.None);
        }
        finally
        {
            await counting.CancelAsync();
            await ((Task)all).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static AnswerEach Captioned(AnswerEach answer) => (items, cancellationToken) => answer(items, cancellationToken).Select(one =>
    {
        CaptionFiles.Write(one);
        return one;
    });

    // Whatever changes an answer, or which picture an id means.
    private JournalHeader Header(BatchChoice choice)
    {
        SortedDictionary<string, string> options = AnswerFacts.Options(settings, settings.Request("", choice.Stop));
        options["input"] = string.Join(' ', choice.Inputs);
        options["pattern"] = choice.Source.Pattern ?? "";
        options["task"] = string.Join(
            ", ", choice.Questions.Where(question => question.Task is not null).Select(question => $"{question.Task} ({question.Prompt})"));
        options["prompt"] = string.Join(
            ", ", choice.Questions.Where(question => question.Task is null).Select(question => question.Prompt));
        options["stop"] = string.Join(", ", choice.Stop);
        options["logprobs"] = choice.Probabilities.ToString();
        options["min-score"] = settings.Instances.MinScore.ToString(CultureInfo.InvariantCulture);
        options["nms"] = settings.Instances.NonMaximumSuppression?.ToString(CultureInfo.InvariantCulture) ?? "";
        options["free"] = settings.Instances.Free.ToString();
        if (choice.Questions.Count == 0) options["lang"] = settings.Lang;
        return AnswerFacts.Header(settings, loader, "batch", string.Join(' ', choice.Inputs), options);
    }

    private void Tell(BatchTally tally, bool complete, bool hasFailures, BatchChoice choice)
    {
        string? failures = hasFailures ? choice.Paths.Failures : null;
        if (settings.Json)
        {
            terminal.WriteJson(
                new BatchJson(tally.Done + tally.Run, tally.Answered, tally.Failed, tally.Looks, complete, choice.Paths.Results, failures),
                BatchesJson.Default.BatchJson);
            return;
        }

        string before = tally.Done > 0 ? $", {tally.Done} were done before" : "";
        string failed = tally.Failed > 0 ? $", {tally.Failed} failed" : "";
        terminal.WriteLine($"{tally.Answered} pictures answered{failed}{before}: {choice.Paths.Results}");
        if (failures is not null) terminal.WriteLine($"What has no answer, and why: {failures}");
        if (!complete) ErrorLine.Print("ended early; the same command goes on with the others.");
    }

    private sealed class Steps(RunProgress progress) : IProgress<BatchTally>
    {
        public void Report(BatchTally value) => progress.Step(value.Failed);
    }
}
