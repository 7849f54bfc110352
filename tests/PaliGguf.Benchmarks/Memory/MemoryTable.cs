using System.Diagnostics;
using System.Globalization;
using PaliGguf.Conversion;
using PaliGguf.Memory;
using PaliGguf.Tests.Memory;

namespace PaliGguf.Benchmarks.Memory;

/// <summary>
/// "memory [SIZE ...]": plans against what the library would allocate (its dry run, on files without weights), over sizes, contexts, sequences and types of the KV cache, which decides
/// on flash attention too. A Markdown table of the largest errors.
/// </summary>
internal static class MemoryTable
{
    private const double MiB = 1 << 20;

    private static readonly MachineShape Cpu = new(HasGpu: false, WeightPacking.None, Threads: 2);

    /// <param name="output">Where the table goes.</param>
    /// <param name="only">What names of sizes begin with; none for all sizes.</param>
    public static void Print(TextWriter output, IReadOnlyList<string> only)
    {
        output.WriteLine("| size | configurations | compute buffer | logits | KV cache | together, under / over |");
        output.WriteLine("|---|---|---|---|---|---|");
        DirectoryInfo folder = Directory.CreateTempSubdirectory("paligguf-");
        Stopwatch planning = new();
        int plans = 0;
        try
        {
            foreach (ModelSize size in ModelSize.All.Where(size => only.Count == 0 || only.Any(name => size.Name.StartsWith(name, StringComparison.Ordinal))))
            {
                ModelShape shape = QuantizedShape.Of(size, ModelFileType.Q4_K_M);
                string path = HollowModel.WriteText(shape, size, folder.FullName);
                Errors errors = new();
                foreach (ModelOptions options in Configurations(size))
                {
                    planning.Start();
                    MemoryPlan plan = MemoryPlanner.Plan(shape, options, Cpu);
                    planning.Stop();
                    plans++;
                    errors.Add(DryRun.Of(path, plan.PrefixLength, plan.ContextLength * plan.Sequences, plan.Sequences + options.Branches!.Value, plan.CacheType, plan.CacheType != GgmlType.F32), plan.Ram);
                }

                File.Delete(path);
                output.WriteLine($"| {size} | {errors} |");
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\n{plans} plans, {planning.Elapsed.TotalMicroseconds / plans:0} us each."));
    }

    private static IEnumerable<ModelOptions> Configurations(ModelSize size) =>
        from context in new[] { size.ImageTokens + 64, size.ImageTokens + 512, 8192 }
        from sequences in new[] { 1, 4 }
        from branches in new[] { 0, 16 }
        from type in new[] { GgmlType.F16, GgmlType.F32, GgmlType.Q8_0 }
        from prompt in new int?[] { null, 32 }
        select new ModelOptions { ContextLength = context, Sequences = sequences, Branches = branches, CacheType = type, PromptTokens = prompt };

    /// <summary>The largest relative errors of each part.</summary>
    private sealed class Errors
    {
        private int _count;
        private double _compute, _logits, _cache, _under, _over;

        public void Add(DryRun truth, DeviceMemory plan)
        {
            _count++;
            _compute = Math.Max(_compute, Math.Abs(Error(truth.Compute, plan.Of(MemoryPart.DecoderCompute))));
            _logits = Math.Max(_logits, Math.Abs(Error(truth.Logits, plan.Of(MemoryPart.Logits))));
            _cache = Math.Max(_cache, Math.Abs(Error(truth.Cache, plan.Of(MemoryPart.KeyValueCache))));
            double together = Error(
                truth.Compute + truth.Logits + truth.Cache, plan.Of(MemoryPart.DecoderCompute) + plan.Of(MemoryPart.Logits) + plan.Of(MemoryPart.KeyValueCache));
            _under = Math.Min(_under, together);
            _over = Math.Max(_over, together);
        }

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_count} | {_compute:P2} | {_logits:P2} | {_cache:P2} | {-_under:P2} / {_over:P2}");

        private static double Error(double truth, long planned) => ((planned / MiB) - truth) / truth;
    }
}
