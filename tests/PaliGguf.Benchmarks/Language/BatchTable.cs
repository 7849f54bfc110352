using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using PaliGguf.Gguf;
using PaliGguf.Language;

namespace PaliGguf.Benchmarks.Language;

/// <summary>What a step takes by the number of sequences in it, each behind a prefix of a picture's length.</summary>
internal static class BatchTable
{
    private const int PrefixRows = 260;
    private const int Steps = 10;

    /// <param name="output">Where the table goes, in Markdown.</param>
    /// <param name="folder">A folder with one pair of GGUF files.</param>
    public static void Print(TextWriter output, string folder)
    {
        GgufFile file = GgufFile.Open(ModelFiles.Find(folder, null).Text);
        TextModelLayout layout = TextModelLayout.Read(file);
        using TextModel model = TextModel.Load(file, layout, new ModelOptions { GpuLayers = 0 }, NullLogger.Instance, null, CancellationToken.None);
        Sampler sampler = new(SamplingOptions.Greedy, layout.ImageToken);
        using TextContext context = new(model, new TextContextOptions(512, 9, Environment.ProcessorCount, GgmlType.F16, Offload: false), NullLogger.Instance);
        float[] prefix = new float[PrefixRows * model.Embeddings.Length];
        model.Embeddings.CopyRows([.. Enumerable.Range(1000, PrefixRows)], prefix);
        output.WriteLine("| sequences | ms per step | tokens/s in total | as many times one | ms of it in the library | as a prefix, with one row of logits |");
        output.WriteLine("|---|---|---|---|---|---|");
        double one = 0;
        int held = 0;
        foreach (int sequences in new[] { 1, 2, 4, 8 })
        {
            for (; held < sequences; held++) context.DecodePrefix(prefix, PrefixRows, held);
            List<double> steps = [];
            List<double> native = [];
            for (int step = 0; step < Steps; step++)
            {
                long start = Stopwatch.GetTimestamp();
                SequenceToken[] tokens = [.. Enumerable.Range(0, sequences).Select(sequence => new SequenceToken(1000 + step, PrefixRows + step, sequence))];
                context.DecodeTokens(tokens);
                for (int row = 0; row < sequences; row++) sampler.Next(new TokenDistribution(context.Logits(row)));
                steps.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                native.Add(context.NativeTime.TotalMilliseconds);
            }

            for (int sequence = 0; sequence < sequences; sequence++) context.Remove(sequence, PrefixRows);
            List<double> rows = [];
            for (int step = 0; step < Steps; step++)
            {
                context.DecodePrefix(prefix.AsSpan(0, sequences * model.Embeddings.Length), sequences, context.Sequences - 1);
                context.Remove(context.Sequences - 1);
                rows.Add(context.NativeTime.TotalMilliseconds);
            }

            double median = Median(steps);
            double rate = sequences * 1000 / median;
            if (sequences == 1) one = rate;
            output.WriteLine($"| {sequences} | {median:F2} | {rate:F1} | {rate / one:F2} | {Median(native):F2} | {Median(rows):F2} |");
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
