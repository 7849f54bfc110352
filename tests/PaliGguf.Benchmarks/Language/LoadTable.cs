using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using PaliGguf.Gguf;
using PaliGguf.Language;

namespace PaliGguf.Benchmarks.Language;

/// <summary>What a token takes by the number of threads and of other processes that want the cores too.</summary>
internal static class LoadTable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <param name="output">Where the table goes, in Markdown.</param>
    /// <param name="folder">A folder with one pair of GGUF files.</param>
    public static void Print(TextWriter output, string folder)
    {
        ModelFiles files = ModelFiles.Find(folder, null);
        GgufFile file = GgufFile.Open(files.Text);
        TextModelLayout layout = TextModelLayout.Read(file);
        using TextModel model = TextModel.Load(file, layout, new ModelOptions { GpuLayers = 0 }, NullLogger.Instance, null, CancellationToken.None);
        using TextContext context = new(model, new TextContextOptions(1024, 1, 1, GgmlType.F16, Offload: false), NullLogger.Instance);
        output.WriteLine("| threads | busy processes | ms per token: mean | median | 90th percentile | slowest |");
        output.WriteLine("|---|---|---|---|---|---|");
        foreach (int threads in Enumerable.Range(1, Environment.ProcessorCount))
        {
            context.Threads = threads;
            for (int busy = 0; busy <= Environment.ProcessorCount; busy++) Row(output, $"{threads}", busy, Steps(context, busy, governor: null));
        }

        ThreadGovernor governor = new(Environment.ProcessorCount);
        context.Threads = governor.Threads;
        for (int busy = 0; busy <= Environment.ProcessorCount; busy++) Row(output, "governed", busy, Steps(context, busy, governor));
    }

    private static void Row(TextWriter output, string threads, int busy, double[] steps) =>
        output.WriteLine($"| {threads} | {busy} | {steps.Average():F2} | {steps[steps.Length / 2]:F2} | {steps[steps.Length * 9 / 10]:F2} | {steps[^1]:F2} |");

    /// <summary>What each of some tokens takes, the fastest first.</summary>
    private static double[] Steps(TextContext context, int busy, ThreadGovernor? governor)
    {
        using BusyProcesses others = new(busy);
        List<double> steps = [];
        long start = Stopwatch.GetTimestamp();
        for (int position = 0; position < 1000 && (Stopwatch.GetElapsedTime(start) < Patience || position < 8); position++)
        {
            context.DecodeTokens([new SequenceToken(2, position, 0)]);
            if (governor is not null)
            {
                governor.Stepped(1, context.NativeTime);
                context.Threads = governor.Threads;
            }

            if (position > 2) steps.Add(context.NativeTime.TotalMilliseconds);
        }

        context.Remove(0);
        return [.. steps.Order()];
    }
}
