using System.Diagnostics;
using PaliGguf.Evaluation.Metrics.Captions;
using PaliGguf.Evaluation.Metrics.Meteor;
using PaliGguf.Evaluation.Metrics.Rouge;
using PaliGguf.Evaluation.Metrics.Thai;

namespace PaliGguf.Benchmarks.Metrics;

/// <summary>How long the metrics of captions take, of texts made up with the word frequencies of a language.</summary>
internal static class ScoringTable
{
    private const int References = 5;
    private const int Words = 20_000;
    private const double Mebibyte = 1 << 20;

    /// <param name="output">Where the table goes, in Markdown.</param>
    /// <param name="captions">How many captions, each with five references.</param>
    public static void Print(TextWriter output, int captions)
    {
        Random random = new(1);
        string[] predictions = [.. Enumerable.Range(0, captions).Select(_ => Caption(random))];
        string[][] references = [.. predictions.Select(prediction =>
            Enumerable.Range(0, References).Select(_ => Vary(prediction, random)).ToArray())];
        output.WriteLine($"| {captions} captions, {References} references each | seconds | value |");
        output.WriteLine("|---|---|---|");
        long start = Stopwatch.GetTimestamp();
        CaptionCorpus corpus = Measure(output, "tokens", () => CaptionCorpus.Create(predictions, references), _ => captions);
        Measure(output, "CIDEr", () => Cider.Score(corpus), score => score.Score);
        Measure(output, "BLEU", () => CocoBleu.Score(corpus), score => score.Scores[3]);
        Measure(output, "COCO's ROUGE-L", () => CocoRougeL.Score(corpus), score => score.Score);
        Measure(
            output, "ROUGE",
            () => RougeScores.Mean([.. GoogleRouge.ScoreEach(predictions, references, new RougeOptions { UseStemmer = true })]),
            score => score.RougeL.F);
        Measure(output, "METEOR", () => NltkMeteor.Score(predictions, references), score => score.Score);
        output.WriteLine($"| all | {Stopwatch.GetElapsedTime(start).TotalSeconds:F2} | |");
        output.WriteLine();
        output.WriteLine(
            $"Most memory: {Process.GetCurrentProcess().PeakWorkingSet64 / Mebibyte:F0} MiB, {Environment.ProcessorCount} processors.");
    }

    /// <summary>Thai words of a long text, of which each place begins words.</summary>
    /// <param name="output">Where the table goes, in Markdown.</param>
    /// <param name="list">A list of words.</param>
    public static void PrintThai(TextWriter output, string list)
    {
        const int Length = 1_000_000;
        ThaiWordList words = ThaiWordList.Load(list);
        string[] all = [.. File.ReadLines(list).Where(word => word.Length > 0)];
        string longest = all.MaxBy(word => word.Length)!;
        output.WriteLine($"| {Length} bytes of | seconds | tokens |");
        output.WriteLine("|---|---|---|");
        foreach ((string name, string piece) in new[]
        {
            ("one consonant", "ก"), ("the longest word", longest),
            ("the longest word but for its end", longest[..^2]), ("all words", string.Concat(all)),
        })
        {
            string text = string.Concat(Enumerable.Repeat(piece, (Length / 3 / piece.Length) + 1))[..(Length / 3)];
            Measure(output, name, () => new NewmmTokenizer(words).Tokenize(text), tokens => tokens.Count);
        }
    }

    private static TResult Measure<TResult>(TextWriter output, string name, Func<TResult> call, Func<TResult, double> value)
    {
        long start = Stopwatch.GetTimestamp();
        TResult result = call();
        output.WriteLine($"| {name} | {Stopwatch.GetElapsedTime(start).TotalSeconds:F2} | {value(result):G6} |");
        return result;
    }

    private static string Caption(Random random) =>
        string.Join(' ', Enumerable.Range(0, 8 + random.Next(8)).Select(_ => Word(random))) + ".";

    // As a person would describe the same picture: some words are others.
    private static string Vary(string caption, Random random) =>
        string.Join(' ', caption.Split(' ').Select(word => random.Next(2) == 0 ? word : Word(random)));

    // Zipf's law: the n-th word is used 1/n as often as the first.
    private static string Word(Random random)
    {
        int rank = (int)Math.Pow(Words, random.NextDouble());
        return string.Concat(
            Enumerable.Range(0, 2 + (rank % 3)).Select(i => "bcdfghklmnprst"[(rank / (i + 1)) % 14].ToString() + "aeiou"[rank % 5]))
            + (rank % 7 == 0 ? "s" : rank % 11 == 0 ? "ing" : "");
    }
}
