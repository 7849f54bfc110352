using System.Diagnostics;
using System.Text;
using PaliGguf.Cli.Models;
using PaliGguf.Cli.Settings;
using PaliGguf.Cli.Terminals;
using PaliGguf.Language;
using PaliGguf.Tasks;
using PaliGguf.Vision;
using Spectre.Console;

namespace PaliGguf.Cli.Benchmarks;

/// <summary>Measures a model. Each run loads it anew, answers once to warm up, and answers once more for the figures.</summary>
internal sealed class BenchTask(Terminal terminal, UserSettings settings, ModelLoader loader)
{
    /// <param name="image">The picture's file; null for a synthetic picture.</param>
    /// <param name="runs">How many runs, at least 1.</param>
    /// <param name="tokens">How many tokens to decode, at least 2.</param>
    /// <param name="cancellationToken">Ends it without a result.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(string? image, int runs, int tokens, CancellationToken cancellationToken)
    {
        if (runs < 1) throw new UsageException($"{runs} runs are too few; expected 1 or more.");
        if (tokens < 2) throw new UsageException($"{tokens} tokens are too few to measure; expected 2 or more.");
        RgbImage picture = image is null ? TestPicture.Create() : (await PictureReader.ReadAsync([image], cancellationToken))[0];
        GenerationRequest request = new() { Images = [picture], Prompt = Prompts.Caption(settings.Lang), MaxTokens = tokens, IgnoreEos = true };
        ModelOptions options = loader.Options(images: 1, Encoding.UTF8.GetByteCount(request.Prompt) + 2L + tokens) with { SoftTokenCacheBytes = 0 };

        List<Run> measured = [];
        while (measured.Count < runs)
        {
            if (terminal.ErrorIsInteractive) await terminal.Error.WriteLineAsync($"run {measured.Count + 1} of {runs}");
            measured.Add(await MeasureAsync(options, request, cancellationToken));
        }

        BenchJson result = Summarize(measured, measured[0].Model.Threads);
        if (settings.Json) terminal.WriteJson(result, CliJson.Default.BenchJson);
        else Print(result);
        return ExitCode.Success;
    }

    private async Task<Run> MeasureAsync(ModelOptions options, GenerationRequest request, CancellationToken cancellationToken)
    {
        PeakMemory.Reset();
        long start = Stopwatch.GetTimestamp();
        await using PaliModel model = await loader.LoadAsync(options, cancellationToken);
        TimeSpan load = Stopwatch.GetElapsedTime(start);

        await model.GenerateAsync(request with { MaxTokens = 2 }, cancellationToken).Result;
        GenerationResult answer = await model.GenerateAsync(request, cancellationToken).Result;
        cancellationToken.ThrowIfCancellationRequested();
        GenerationTimings timings = answer.Timings;
        BenchRunJson figures = new(
            Round(load.TotalMilliseconds), Round(timings.Vision.TotalMilliseconds), Round(answer.PrefixTokens / timings.Prefix.TotalSeconds),
            Round(timings.DecodeTokensPerSecond), PeakMemory.Read());
        return new Run(model.Info, answer, figures);
    }

    private static BenchJson Summarize(List<Run> runs, int threads)
    {
        (ModelInfo model, GenerationResult answer, _) = runs[0];
        return new BenchJson(
            model.Name, model.VisionDevice, threads, model.ImageSize, answer.PrefixTokens, answer.Tokens.Count, runs.Count,
            Median(runs, run => run.LoadMs), Median(runs, run => run.VisionMs), Median(runs, run => run.PrefixTokensPerSecond),
            Median(runs, run => run.DecodeTokensPerSecond), (long)Median(runs, run => run.PeakMemoryBytes),
            runs.ConvertAll(run => run.Figures));
    }

    private static double Median(List<Run> runs, Func<BenchRunJson, double> figure)
    {
        double[] sorted = runs.Select(run => figure(run.Figures)).Order().ToArray();
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : Round((sorted[middle - 1] + sorted[middle]) / 2);
    }

    private static double Round(double value) => Math.Round(value, 3);

    private void Print(BenchJson result)
    {
        IAnsiConsole console = terminal.Tables();
        console.WriteLine($"{result.Model}, {result.ImageSize} px, on {result.Device}, {result.Threads} threads; median of {result.Runs}");
        Grid grid = new Grid().AddColumn().AddColumn(new GridColumn { Alignment = Justify.Right }).AddColumn();
        grid.AddRow("load", $"{result.LoadMs:0.0}", "ms");
        grid.AddRow("vision", $"{result.VisionMs:0.0}", "ms");
        grid.AddRow("prefix", $"{result.PrefixTokensPerSecond:0.0}", $"tokens/s ({result.PrefixTokens} tokens)");
        grid.AddRow("decode", $"{result.DecodeTokensPerSecond:0.0}", $"tokens/s ({result.Tokens} tokens)");
        grid.AddRow("peak memory", $"{result.PeakMemoryBytes / 1e6:0.0}", "MB");
        console.Write(grid);
    }

    private sealed record Run(ModelInfo Model, GenerationResult Answer, BenchRunJson Figures);
}
