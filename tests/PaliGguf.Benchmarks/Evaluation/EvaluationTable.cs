using System.Diagnostics;
using PaliGguf.Evaluation.Datasets;
using PaliGguf.Evaluation.Journals;
using PaliGguf.Evaluation.Runs;
using PaliGguf.Evaluation.Scoring;
using PaliGguf.Imaging;
using PaliGguf.Language;

namespace PaliGguf.Benchmarks.Evaluation;

/// <summary>What an evaluation takes beside the answers themselves: the data set, the journal and the scores.</summary>
internal static class EvaluationTable
{
    private const int Rounds = 3;
    private const string Prompt = "caption en";

    /// <param name="output">Where the table goes, in Markdown.</param>
    /// <param name="model">A text GGUF, or a folder with one pair of GGUF files.</param>
    /// <param name="folder">The pictures; the first 300 count.</param>
    public static async Task PrintAsync(TextWriter output, string model, string folder)
    {
        string[] files = [.. Directory.EnumerateFiles(folder, "*.png").Order(StringComparer.Ordinal).Take(300)];
        string scratch = Directory.CreateTempSubdirectory("paligguf-").FullName;
        string dataset = Path.Combine(scratch, "data.jsonl");
        await File.WriteAllLinesAsync(
            dataset,
            files.Select(file => $$"""{"image": "{{Path.GetFileName(file)}}", "prefix": "{{Prompt}}", "suffix": "a dog on a red background"}"""));
        ModelOptions options = new() { Sequences = 4, SoftTokenCacheBytes = 0, TextTokens = 128, GpuLayers = 0 };
        await using PaliModel loaded = await PaliModel.LoadAsync(model, options);
        List<double> each = [], eval = [];
        await EachAsync(loaded, files[..Math.Min(20, files.Length)]);
        for (int round = 0; round < Rounds; round++)
        {
            each.Add(await TimeAsync(() => EachAsync(loaded, files)));
            eval.Add(await TimeAsync(() => EvaluateAsync(loaded, dataset, folder, Path.Combine(scratch, $"{round}.jsonl"))));
        }

        Directory.Delete(scratch, recursive: true);
        await output.WriteLineAsync($"| {files.Length} pictures, 4 sequences | seconds | times as long |");
        await output.WriteLineAsync("|---|---|---|");
        await output.WriteLineAsync(FormattableString.Invariant($"| answers alone | {Median(each):F2} | 1 |"));
        await output.WriteLineAsync(FormattableString.Invariant(
            $"| data set, answers, journal, CIDEr, BLEU, ROUGE-L and METEOR | {Median(eval):F2} | {Median(eval) / Median(each):F3} |"));
    }

    private static async Task EachAsync(PaliModel model, string[] files)
    {
        await foreach (EachOutcome<string> outcome in model.GenerateEachAsync(files, async (file, token) => new GenerationRequest
        {
            Images = [await ImageFile.LoadAsync(file, cancellationToken: token)],
            Prompt = Prompt,
            MaxTokens = 64,
        }))
        {
            if (outcome.Result is null) throw new InvalidOperationException("A picture has no answer.");
        }
    }

    private static async Task EvaluateAsync(PaliModel model, string dataset, string folder, string path)
    {
        EvaluationTask task = EvaluationTask.Find("coco-captions");
        IReadOnlyList<EvaluationItem> items = Dataset.Read(dataset, new DatasetOptions { Images = folder });
        JournalHeader header = new(task.Name, dataset, new JournalModel(model.Info.Name, "", ""), [], new Dictionary<string, string>());
        using (JournalWriter journal = JournalWriter.Open(path, header))
        {
            EvaluationRun run = new(task, items, item => task.PromptOf(item, "en"), journal);
            await foreach (JournalEntry entry in run.AnswerAsync(model, new GenerationRequest { Prompt = "", MaxTokens = 64 }))
            {
                if (entry.Failed) throw new InvalidOperationException("A picture has no answer.");
            }
        }

        AnswerSheet sheet = AnswerSheet.Create(Journal.Read(path).Answers(), [.. items.Select(item => item.Expected)]);
        foreach (string metric in task.Metrics) AnswerMetrics.Score(metric, sheet);
    }

    private static async Task<double> TimeAsync(Func<Task> work)
    {
        long start = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);
}
