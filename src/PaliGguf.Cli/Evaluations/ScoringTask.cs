using PaliGguf.Cli.Models;
using PaliGguf.Cli.Settings;
using PaliGguf.Cli.Terminals;
using PaliGguf.Evaluation.Datasets;
using PaliGguf.Evaluation.Journals;
using PaliGguf.Evaluation.Scoring;
using PaliGguf.Parquet;

namespace PaliGguf.Cli.Evaluations;

/// <summary>Scores a file of answers and prints the table.</summary>
internal sealed class ScoringTask(Terminal terminal, UserSettings settings, ModelLoader loader)
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
            MetricOptions options = choice.Load(loader);
            AnswerSheet sheet = Lay(predictions, references, choice.NeedsMasks, partial);
            scores = new ScoresJson(
                choice.Task, sheet.Predictions.Count, await ScoreTable.ScoreAsync(choice.Metrics, sheet, options, status, cancellationToken));
        }

        ScoreTable.Print(terminal, scores, settings.Json, markdown);
        return ExitCode.Success;
    }

    private static AnswerSheet Lay(string predictions, string references, bool masks, bool partial)
    {
        if (!Journal.IsOne(predictions) && ObjectResults.IsOne(predictions))
        {
            (IReadOnlyDictionary<string, GivenAnswer> given, IReadOnlyList<ExpectedAnswer> expected) =
                ObjectResults.Read(predictions, references, masks);
            return AnswerSheet.Create(given, expected);
        }

        IReadOnlyDictionary<string, GivenAnswer> answers =
            Journal.IsOne(predictions) ? Journal.Read(predictions).Answers() : PredictionFile.Read(predictions);
        DatasetOptions options = new() { Masks = masks, Formats = [new ParquetFormat()] };
        return AnswerSheet.Create(answers, ReferenceFile.Read(references, options), partial);
    }
}
