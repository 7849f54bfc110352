using PaliGguf.Evaluation.Datasets;
using PaliGguf.Evaluation.Journals;
using PaliGguf.Evaluation.Scoring;

namespace PaliGguf.Evaluation.Reports;

/// <summary>Makes reports of the journals of runs.</summary>
public static class ReportMaking
{
    private const int MostExamples = 200;

    /// <summary>Scores the answers of a run, and compares them with those of another one.</summary>
    /// <param name="items">The data set. Items without an answer are left out.</param>
    /// <param name="run">The run.</param>
    /// <param name="against">Another one over the same items, matched by their ids; null for none.</param>
    /// <param name="metrics">The names of the metrics (<see cref="AnswerMetrics"/>).</param>
    /// <param name="metricOptions">What the metrics need besides; null for nothing.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <exception cref="PaliException">
    /// The runs are of different tasks, no item has an answer (of both), or a metric does not go with the answers.
    /// </exception>
    public static EvaluationReport Make(
        IReadOnlyList<EvaluationItem> items, ReportRun run, ReportRun? against, IReadOnlyList<string> metrics,
        MetricOptions? metricOptions = null, ReportOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(metrics);
        options ??= new ReportOptions();
        Check(options);
        JournalHeader header = run.Header;
        if (against is not null && against.Header.Task != header.Task)
        {
            throw new PaliException($"the runs are of different tasks, '{header.Task}' and '{against.Header.Task}'.");
        }

        EvaluationItem[] answered = [.. items.Where(item => Has(run, item) && (against is null || Has(against, item)))];
        if (answered.Length == 0)
        {
            string where = against is null ? "in the journal" : "in both journals";
            throw new PaliException($"of the {items.Count} items of the data set none has an answer {where}.");
        }

        ScoreComparison scores = new(
            metrics, Sheet(run, answered), against is null ? null : Sheet(against, answered), metricOptions ?? new MetricOptions(), options,
            cancellationToken);
        EvaluationReport report = new(
            header.Task, header.Dataset, answered.Length, Reported(run, items, answered),
            against is null ? null : Reported(against, items, answered), scores.Values(cancellationToken))
        {
            Options = options,
            Differences = against is null ? [] : [.. against.Header.Differences(header)],
        };
        return scores.FirstMean is { } mean
            ? WithAnswers(report, mean.Name, Answers(answered, run, mean.Run, against, mean.Other))
            : report;
    }

    private static void Check(ReportOptions options)
    {
        if (options is { Resamples: >= 0, Level: > 0 and < 1, Examples: >= 0 and <= MostExamples }) return;
        throw new ArgumentException(
            $"Expected 0 resamples or more, a level between 0 and 1, and 0 to {MostExamples} examples.", nameof(options));
    }

    private static bool Has(ReportRun run, EvaluationItem item) =>
        run.Entries.TryGetValue(item.Id, out JournalEntry? entry) && !entry.Failed;

    private static AnswerSheet Sheet(ReportRun run, EvaluationItem[] answered) => AnswerSheet.Create(
        answered.ToDictionary(item => item.Id, item => run.Entries[item.Id].Given(), StringComparer.Ordinal),
        [.. answered.Select(item => item.Expected)]);

    private static ReportedRun Reported(ReportRun run, IReadOnlyList<EvaluationItem> items, EvaluationItem[] answered) => new(
        run.Name, items.Count(item => run.Entries.TryGetValue(item.Id, out JournalEntry? entry) && entry.Failed),
        answered.Average(item => run.Entries[item.Id].Tokens));

    // What the mean does not count is not shown.
    private static List<ReportedAnswer> Answers(
        EvaluationItem[] answered, ReportRun run, IReadOnlyList<double?> scores, ReportRun? against, IReadOnlyList<double?>? otherScores)
    {
        List<ReportedAnswer> answers = [];
        foreach ((int i, EvaluationItem item) in answered.Index())
        {
            if (scores[i] is not { } score) continue;
            answers.Add(new ReportedAnswer(item, run.Entries[item.Id], score)
            {
                Other = against?.Entries[item.Id],
                OtherScore = otherScores?[i],
            });
        }

        return answers;
    }

    private static EvaluationReport WithAnswers(EvaluationReport report, string ordering, List<ReportedAnswer> answers)
    {
        ReportOptions options = report.Options;
        ReportedAnswer[] rising = [.. answers.OrderBy(answer => answer.Score)];
        int worst = Math.Min(options.Examples, (rising.Length + 1) / 2);
        int best = Math.Min(options.Examples, rising.Length / 2);
        ReportedAnswer[] changes =
            [.. answers.Where(answer => answer.OtherScore is { } other && other != answer.Score)
                .OrderBy(answer => answer.Score - answer.OtherScore)];
        int[] limits = LengthGroup.Limits(answers.Select(answer => answer.Entry.Tokens));
        return report with
        {
            Ordering = ordering,
            Worst = rising[..worst],
            Best = [.. rising[^best..].Reverse()],
            Losses = [.. changes.Where(answer => answer.Score < answer.OtherScore).Take(options.Examples)],
            Gains = [.. changes.Reverse().Where(answer => answer.Score > answer.OtherScore).Take(options.Examples)],
            Lengths = LengthGroup.Of([.. answers.Select(answer => (answer.Entry.Tokens, answer.Score))], limits, options),
            OtherLengths = report.Against is null
                ? []
                : LengthGroup.Of([.. answers.Select(answer => (answer.Other!.Tokens, answer.OtherScore ?? double.NaN))], limits, options),
        };
    }
}
