using System.Diagnostics;
using System.Globalization;
using PaliGguf.Cli.Benchmarks;

namespace PaliGguf.Rival;

/// <summary>Measures LLamaSharp once, as "bench" measures PaliGguf.</summary>
internal sealed class RivalMeasurement(BenchJob job)
{
    // As in BenchMeasurement.
    private const int CaptionTokens = 12;
    private const int PictureReadings = 9;

    public BenchSample Run()
    {
        string[] files = [job.TextPath, job.VisionPath];
        if (!job.Cold) PageCache.Fill(files, CancellationToken.None);
        else if (PageCache.Drop(files) is { } stays) throw new IOException($"{stays}.");

        Begin("loading");
        long start = Stopwatch.GetTimestamp();
        using StockModel model = new(job.TextPath, job.VisionPath, job.Threads, job.ContextLength);
        double loadMs = Milliseconds(start);
        Begin("first caption");
        (StockPrefix prefix, double firstMs, _) = Caption(model, CaptionTokens);
        BenchedModel benched = new(model.Name, job.Threads, 0, prefix.Rows, "", "CPU", ["CPU"]);
        BenchSample sample = new(benched, loadMs, firstMs, Warm: null);
        if (job.Cold) return sample;

        Begin("caption");
        (prefix, double captionMs, double rate) = Caption(model, Math.Max(CaptionTokens, 1 + job.Tokens));
        sample = sample with
        {
            Warm = new Figures
            {
                VisionMs = prefix.Vision.TotalMilliseconds,
                PrefixTokensPerSecond = prefix.Rows / prefix.Prefix.TotalSeconds,
                DecodeTokensPerSecond = new Dictionary<string, double>(StringComparer.Ordinal) { ["1"] = rate },
                CaptionMs = captionMs,
                LoadMs = loadMs,
                PeakMemoryBytes = PeakMemory.Read(),
                DecodeResizeMs = Figures.Median([.. Enumerable.Range(0, PictureReadings).Select(_ => ResizeMs(model))]),
                FirstCaptionMs = firstMs,
            },
        };
        // Rates last: they need a context of another size.
        double? right = RightAnswers(model);
        return sample with { Warm = sample.Warm with { RightAnswers = right, DecodeTokensPerSecond = Rates(model, sample.Warm) } };
    }

    private (StockPrefix Prefix, double TotalMs, double TokensPerSecond) Caption(StockModel model, int tokens)
    {
        long start = Stopwatch.GetTimestamp();
        StockPrefix prefix = model.Look(job.Picture, job.Prompt);
        long first = Stopwatch.GetTimestamp();
        double totalMs = 0;
        int token = prefix.First;
        for (int count = 1; count < tokens; count++)
        {
            token = model.Step(token, prefix.Rows + count - 1);
            if (count == CaptionTokens - 1) totalMs = Milliseconds(start);
        }

        return (prefix, totalMs, (tokens - 1) / Stopwatch.GetElapsedTime(first).TotalSeconds);
    }

    private double ResizeMs(StockModel model)
    {
        long start = Stopwatch.GetTimestamp();
        model.Resize(job.Picture).Dispose();
        return Milliseconds(start);
    }

    private Dictionary<string, double> Rates(StockModel model, Figures warm)
    {
        Dictionary<string, double> rates = new(warm.DecodeTokensPerSecond, StringComparer.Ordinal);
        foreach (int count in job.Sequences.Where(count => count > 1))
        {
            Begin($"decoding {count} sequences side by side");
            model.Widen(count, job.Tokens);
            StockPrefix prefix = model.Look(job.Picture, job.Prompt);
            model.Share(count);
            long start = Stopwatch.GetTimestamp();
            int token = prefix.First;
            for (int step = 0; step < job.Tokens; step++) token = model.Step(token, prefix.Rows + step, count);
            rates[count.ToString(CultureInfo.InvariantCulture)] = count * job.Tokens / Stopwatch.GetElapsedTime(start).TotalSeconds;
        }

        return rates;
    }

    /// <summary>How many answers are the reference's, token for token up to the end of sequence.</summary>
    private double? RightAnswers(StockModel model)
    {
        if (job.Questions.Count == 0) return null;
        Begin("reference answers");
        return job.Questions.Count(question => IsRight(model, question));
    }

    private static bool IsRight(StockModel model, BenchQuestion question)
    {
        StockPrefix prefix = model.Look(File.ReadAllBytes(question.Picture), question.Prompt);
        int token = prefix.First;
        for (int index = 0; index < question.Answer.Count; index++)
        {
            if (token != question.Answer[index]) return false;
            token = model.Step(token, prefix.Rows + index);
        }

        return token == model.EndOfSequence;
    }

    private static void Begin(string what) => Console.WriteLine(what);

    private static double Milliseconds(long start) => Stopwatch.GetElapsedTime(start).TotalMilliseconds;
}
