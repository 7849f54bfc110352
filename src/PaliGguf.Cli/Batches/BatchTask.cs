using System.Globalization;
using System.Text;
using PaliGguf.Batch;
using PaliGguf.Batch.Exports;
using PaliGguf.Batch.Results;
using PaliGguf.Batch.Runs;
using PaliGguf.Batch.Sources;
using PaliGguf.Cli.Evaluations;
using PaliGguf.Cli.Hosting;
using PaliGguf.Cli.Models;
using PaliGguf.Cli.Settings;
using PaliGguf.Cli.Terminals;
using PaliGguf.Evaluation.Journals;
using PaliGguf.Memory;

namespace PaliGguf.Cli.Batches;

/// <summary>Asks about any number of pictures, and goes on where an earlier run has stopped.</summary>
internal sealed class BatchTask(Terminal terminal, UserSettings settings, ModelLoader loader, InterruptGrace grace)
{
    // Room for what pictures ask themselves.
    private static readonly Question Unknown = Question.OfPrompt(new string('?', 512));

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
        await using PaliModel model = await loader.LoadAsync(ModelOptions(options), interrupted);
        PictureAnswerer answerer = new(model, options);
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
                choice.Captions ? Captioned(answerer.AnswerAsync) : answerer.AnswerAsync, new Steps(progress), interrupted,
                CancellationToken.None);
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

    private ModelOptions ModelOptions(AnswerOptions options)
    {
        // Lists may ask something else about any picture.
        Question[] questions = [.. options.Questions, Unknown];
        long tokens = questions.Max(question => ModelLoader.MostTokens(question.Prompt)
            + (question.Labels is null ? (long)options.Request.MaxTokens * options.Request.Beams : options.Instances.MaxTokens));
        ModelShape shape = ModelShape.Read(loader.Find());
        return loader.Options(images: 1, tokens, options.Request.Beams) with
        {
            PromptTokens = questions.Max(question => Encoding.UTF8.GetByteCount(question.Prompt)),
            Branches = options.Request.Beams - 1,
            Sequences = options.Sequences,
            SoftTokenCacheBytes =
                PictureAnswerer.CacheFor(
                options.Questions.Count == 0 ? 2 : options.Questions.Count, options.Sequences, shape.SoftTokenBytes),
        };
    }

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
