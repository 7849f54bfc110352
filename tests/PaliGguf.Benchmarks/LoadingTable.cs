using System.Diagnostics;

namespace PaliGguf.Benchmarks;

/// <summary>What it takes to load a model whose files the system has in memory already, by how its weights are kept.</summary>
internal static class LoadingTable
{
    private const int Rounds = 5;

    /// <param name="output">Where the table goes, in Markdown.</param>
    /// <param name="folder">A folder with one pair of GGUF files.</param>
    public static async Task PrintAsync(TextWriter output, string folder)
    {
        await output.WriteLineAsync($"| weights | first, s | best of {Rounds} more | median | of the best |");
        await output.WriteLineAsync("|---|---|---|---|---|");
        foreach ((bool repack, bool map) in new[] { (false, true), (false, false), (true, true), (true, false) })
        {
            ModelOptions options = new() { GpuLayers = 0, Repack = repack, MemoryMap = map, TextTokens = 128 };
            (double first, _) = await LoadAsync(folder, options);
            List<(double Seconds, string Parts)> loads = [];
            for (int round = 0; round < Rounds; round++) loads.Add(await LoadAsync(folder, options));
            loads.Sort((one, other) => one.Seconds.CompareTo(other.Seconds));
            await output.WriteLineAsync(
                $"| {(repack ? "repacked" : "as stored")}, {(map ? "mapped" : "copied")} | {first:F2} | {loads[0].Seconds:F2} | {loads[Rounds / 2].Seconds:F2} | {loads[0].Parts} |");
        }
    }

    private static async Task<(double Seconds, string Parts)> LoadAsync(string folder, ModelOptions options)
    {
        List<(string Stage, long At)> stages = [];
        long start = Stopwatch.GetTimestamp();
        await using PaliModel model = await PaliModel.LoadAsync(folder, options, new Stages(stages));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return (seconds, string.Join("; ", stages.Zip(stages.Skip(1), (from, to) => $"{from.Stage} {Stopwatch.GetElapsedTime(from.At, to.At).TotalSeconds:F2}")));
    }

    private sealed class Stages(List<(string Stage, long At)> stages) : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value)
        {
            if (stages.Count == 0 || stages[^1].Stage != value.Stage) stages.Add((value.Stage, Stopwatch.GetTimestamp()));
        }
    }
}
