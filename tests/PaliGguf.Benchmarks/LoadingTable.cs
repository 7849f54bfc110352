using System.Diagnostics;

namespace PaliGguf.Benchmarks;

/// <summary>What it takes to load a model whose files the system has in memory already, by how its weights are kept.</summary>
internal static class LoadingTable
{
    /// <param name="output">Where the table goes, in Markdown.</param>
    /// <param name="folder">A folder with one pair of GGUF files.</param>
    public static async Task PrintAsync(TextWriter output, string folder)
    {
        output.WriteLine("| weights | s | of it |");
        output.WriteLine("|---|---|---|");
        foreach ((bool repack, bool map) in new[] { (false, true), (false, false), (true, true), (true, false) })
        {
            List<(string Stage, long At)> stages = [];
            long start = Stopwatch.GetTimestamp();
            await using PaliModel model = await PaliModel.LoadAsync(folder, new ModelOptions { GpuLayers = 0, Repack = repack, MemoryMap = map, TextTokens = 128 }, new Stages(stages));
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            IEnumerable<string> parts = stages.Zip(stages.Skip(1), (from, to) => $"{from.Stage} {Stopwatch.GetElapsedTime(from.At, to.At).TotalSeconds:F2}");
            output.WriteLine($"| {(repack ? "repacked" : "as stored")}, {(map ? "mapped" : "copied")} | {seconds:F2} | {string.Join("; ", parts)} |");
        }
    }

    private sealed class Stages(List<(string Stage, long At)> stages) : IProgress<LoadProgress>
    {
        public void Report(LoadProgress value)
        {
            if (stages.Count == 0 || stages[^1].Stage != value.Stage) stages.Add((value.Stage, Stopwatch.GetTimestamp()));
        }
    }
}
