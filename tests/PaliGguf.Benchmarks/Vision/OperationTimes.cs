using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PaliGguf.Gguf;
using PaliGguf.Interop;
using PaliGguf.Products;
using PaliGguf.Vision;

namespace PaliGguf.Benchmarks.Vision;

/// <summary>Where a tower's time goes: its graph, computed one operation at a time.</summary>
internal sealed unsafe class OperationTimes
{
    private readonly Dictionary<string, (int Count, long Ticks, double Products)> _sums = new(StringComparer.Ordinal);
    private long _started;

    public static IEnumerable<OperationTime> Measure(string path, TowerSettings settings, int runs)
    {
        using GgufFile file = GgufFile.Open(path);
        VisionLayout layout = VisionLayout.Read(file);
        TowerForm form = TowerForm.Of(layout, StoredWeight.Types(file, layout), settings.Attention, onGpu: false, settings.Own);
        ComputeDevice cpu = ComputeDevice.Cpu();
        using GgmlBackendHandle backend = cpu.Open();
        cpu.SetThreads(backend, settings.Threads);
        using WeightStore weights = new(file, layout, form, cpu, settings.Repack);
        using ProductWork work = new(settings.Threads);
        using VisionGraph graph = new(layout, form, weights, work);
        nint pointer = backend.Pointer;
        using GgmlSchedulerHandle scheduler = GgmlBackend.ggml_backend_sched_new(&pointer, null, 1, (nuint)graph.NodeCount, parallel: false, offloadOperations: false);
        GgmlBackend.ggml_backend_sched_alloc_graph(scheduler, graph.Graph);
        GgmlBackend.ggml_backend_sched_graph_compute(scheduler, graph.Graph);
        OperationTimes times = new();
        using GCHandle<OperationTimes> self = new(times);
        GgmlBackend.ggml_backend_sched_set_eval_callback(scheduler, &OnNode, (void*)GCHandle<OperationTimes>.ToIntPtr(self));
        for (int run = 0; run < runs; run++) GgmlBackend.ggml_backend_sched_graph_compute(scheduler, graph.Graph);
        return [.. times._sums
            .Select(sum => new OperationTime(sum.Key, sum.Value.Count / runs, sum.Value.Ticks * 1e3 / Stopwatch.Frequency / runs, sum.Value.Products / runs))
            .OrderByDescending(time => time.Milliseconds)];
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte OnNode(ggml_tensor* node, byte ask, void* userData)
    {
        OperationTimes times = GCHandle<OperationTimes>.FromIntPtr((nint)userData).Target;
        if (ask != 0)
        {
            times._started = Stopwatch.GetTimestamp();
            return 1;
        }

        string name = Name(node);
        (int count, long ticks, double products) = times._sums.GetValueOrDefault(name);
        double more = name.StartsWith("MUL_MAT", StringComparison.Ordinal) || name.StartsWith("product", StringComparison.Ordinal) ? 2.0 * ((ggml_tensor*)node->src[0])->ne[0] * node->ne[0] * node->ne[1] * node->ne[2] * node->ne[3]
            : name.StartsWith("FLASH", StringComparison.Ordinal) || name.StartsWith("attention", StringComparison.Ordinal) ? 4.0 * ((ggml_tensor*)node->src[1])->ne[0] * ((ggml_tensor*)node->src[1])->ne[1] * ((ggml_tensor*)node->src[0])->ne[1] * ((ggml_tensor*)node->src[0])->ne[2] * ((ggml_tensor*)node->src[0])->ne[3]
            : 0;
        times._sums[name] = (count + 1, ticks + Stopwatch.GetTimestamp() - times._started, products + more);
        return 1;
    }

    /// <summary>An operation and the shape of its result; views cost nothing.</summary>
    private static string Name(ggml_tensor* node)
    {
        string operation = Marshal.PtrToStringUTF8((nint)ggml_op_desc(node))!;
        // Of our own operations, attention has three sources, and a product six.
        if (operation == "CUSTOM") operation = node->src[3] == 0 ? "attention" : "product";
        return operation is "VIEW" or "RESHAPE" or "PERMUTE" or "TRANSPOSE"
            ? "views"
            : string.Create(CultureInfo.InvariantCulture, $"{operation} {node->ne[0]} x {node->ne[1]}{(node->ne[2] > 1 ? $" x {node->ne[2]}" : "")}");
    }

    [DllImport(Ggml.Library)]
    private static extern byte* ggml_op_desc(ggml_tensor* tensor);
}

/// <summary>One kind of operation in a picture's computation.</summary>
/// <param name="Name">The operation and its result's shape.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Milliseconds">All of them together.</param>
/// <param name="Products">Their multiplications and additions, where they are products of matrices.</param>
internal sealed record OperationTime(string Name, int Count, double Milliseconds, double Products)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"| {Name} | {Count} | {Milliseconds:0.0} | {(Products > 0 ? $"{Products / Milliseconds * 1e-6:0}" : "")} |");
}
