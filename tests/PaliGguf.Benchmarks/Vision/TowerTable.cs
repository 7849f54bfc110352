using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using PaliGguf.Gguf;
using PaliGguf.Interop;
using PaliGguf.Products;
using PaliGguf.Vision;

namespace PaliGguf.Benchmarks.Vision;

/// <summary>
/// "tower FILE ... [plain] [flash] [tiled] [auto] [own] [library] [stored] [ops] [together] [threads=N] [runs=N]": how long vision GGUF files take for a picture, as Markdown tables. "library" computes all
/// products by the library, "own library" both ways. "stored" does so from weights as they are in the file; "stored flash" on an f16 file is what llama.cpp's own vision library would do. "ops" adds where the
/// time goes, "together" what several pictures at once take.
/// </summary>
internal static class TowerTable
{
    public static async Task Print(TextWriter output, IReadOnlyList<string> arguments)
    {
        NativeLibraries.Load();
        VisionAttention[] ways = [.. arguments.Select(Way).OfType<VisionAttention>().DefaultIfEmpty(VisionAttention.Auto)];
        int threads = Number(arguments, "threads=", Environment.ProcessorCount);
        TowerSettings[] forms = [.. Forms(arguments).SelectMany(form => ways.Select(way => new TowerSettings(threads, Attention: way, Repack: form.Repack, Products: form.Products)))];
        int runs = Number(arguments, "runs=", 5);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{threads} threads, median and least of {runs} pictures\n"));
        output.WriteLine("| file | products | attention | median | least | GFLOP/s | weights | activations | kinds of memory |");
        output.WriteLine("|---|---|---|---|---|---|---|---|---|");
        string[] files = [.. arguments.Where(argument => argument.EndsWith(".gguf", StringComparison.Ordinal))];
        foreach (string path in files)
        {
            foreach (TowerSettings form in forms) output.WriteLine(await Row(path, form, runs));
        }

        if (arguments.Contains("together"))
        {
            output.WriteLine("\n| file | pictures at once | median per picture | least |\n|---|---|---|---|");
            foreach (string path in files) Together(output, path, forms[0], runs);
        }

        if (!arguments.Contains("ops")) return;
        foreach (string path in files)
        {
            foreach (TowerSettings form in forms)
            {
                output.WriteLine($"\n{Path.GetFileName(path)}, {Products(form)}, {form.Attention}: by operation, each started on its own\n\n| operation | number | ms | GFLOP/s |\n|---|---|---|---|");
                foreach (OperationTime time in OperationTimes.Measure(path, form, runs)) output.WriteLine(time);
            }
        }
    }

    /// <summary>The multiplications and additions of all products, for one picture.</summary>
    public static double Operations(VisionLayout layout)
    {
        double hidden = layout.HiddenLength;
        double linear = (layout.PatchLength * hidden) + (layout.LayerCount * ((4 * hidden * hidden) + (2 * hidden * layout.FeedForwardLength))) + (hidden * layout.ProjectionLength);
        return (2 * layout.Patches * linear) + (4.0 * layout.LayerCount * layout.Patches * layout.Patches * hidden);
    }

    private static async Task<string> Row(string path, TowerSettings settings, int runs)
    {
        using GgufFile file = GgufFile.Open(path);
        VisionLayout layout = VisionLayout.Read(file);
        using VisionTower tower = new(file, layout, ComputeDevice.Cpu(), settings, NullLogger.Instance);
        RgbImage picture = tower.Resize(TestPicture.Noise(layout.ImageSize, layout.ImageSize));
        await tower.EncodeAsync(picture, CancellationToken.None);
        double[] times = new double[runs];
        for (int run = 0; run < runs; run++)
        {
            long start = Stopwatch.GetTimestamp();
            await tower.EncodeAsync(picture, CancellationToken.None);
            times[run] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(times);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {Path.GetFileName(path)} | {Products(settings)} | {settings.Attention} | {times[runs / 2]:0} ms | {times[0]:0} ms | {Operations(layout) / times[runs / 2] * 1e-6:0} | {tower.Bytes >> 20} MiB | {tower.ComputeBytes / 1048576.0:0.0} MiB | {string.Join(", ", tower.BufferTypeNames)} |");
    }

    private static void Together(TextWriter output, string path, TowerSettings settings, int runs)
    {
        using GgufFile file = GgufFile.Open(path);
        VisionLayout layout = VisionLayout.Read(file);
        TowerForm form = TowerForm.Of(layout, StoredWeight.Types(file, layout), settings.Attention, onGpu: false, settings.Own);
        using GgmlBackendHandle backend = ComputeDevice.Cpu().Open();
        ComputeDevice.Cpu().SetThreads(backend, settings.Threads);
        using WeightStore weights = new(file, layout, form, ComputeDevice.Cpu(), settings.Repack);
        using ProductWork work = new(settings.Threads);
        int[] sizes = [1, 2, 4];
        VisionBatch[] batches = [.. sizes.Select(pictures => new VisionBatch(layout, form with { Pictures = pictures }, weights, work, [backend], tap: null))];
        double[][] times = [.. sizes.Select(_ => new double[runs])];
        foreach (VisionBatch batch in batches) batch.Compute();
        // In turn, so that what else the machine does hits all alike.
        for (int run = 0; run < runs; run++)
        {
            for (int size = 0; size < sizes.Length; size++)
            {
                long start = Stopwatch.GetTimestamp();
                batches[size].Compute();
                times[size][run] = Stopwatch.GetElapsedTime(start).TotalMilliseconds / sizes[size];
            }
        }

        for (int size = 0; size < sizes.Length; size++)
        {
            Array.Sort(times[size]);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {Path.GetFileName(path)} | {sizes[size]} | {times[size][runs / 2]:0.0} ms | {times[size][0]:0.0} ms |"));
            batches[size].Dispose();
        }
    }

    private static IEnumerable<(MatrixProducts Products, bool Repack)> Forms(IReadOnlyList<string> arguments)
    {
        bool library = arguments.Contains("library"), stored = arguments.Contains("stored");
        if (arguments.Contains("own") || !(library || stored)) yield return (MatrixProducts.Auto, true);
        if (library) yield return (MatrixProducts.Library, true);
        if (stored) yield return (MatrixProducts.Library, false);
    }

    private static string Products(TowerSettings form) => form.Products == MatrixProducts.Auto ? "own" : form.Repack ? "library" : "library, as stored";

    private static VisionAttention? Way(string argument) => Enum.TryParse(argument, ignoreCase: true, out VisionAttention way) ? way : null;

    private static int Number(IReadOnlyList<string> arguments, string name, int otherwise) =>
        arguments.FirstOrDefault(argument => argument.StartsWith(name, StringComparison.Ordinal)) is { } found ? int.Parse(found.AsSpan(name.Length), CultureInfo.InvariantCulture) : otherwise;
}
