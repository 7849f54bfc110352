using System.Diagnostics;
using PaliGguf.Interop;

namespace PaliGguf.Vision;

/// <summary>Finds out which way to compute attention is the fastest on a device, by computing one layer's in each.</summary>
internal static unsafe class AttentionTrial
{
    // More would take memory, and tell no more.
    private const int LongestSide = 32;
    private const int Runs = 3;

    /// <summary>The fastest of several ways that the device can compute; plain attention if it can compute none.</summary>
    /// <param name="device">The device.</param>
    /// <param name="backend">The device, opened.</param>
    /// <param name="layout">The tower's sizes: what is fast depends on the head length.</param>
    /// <param name="form">How the tower computes otherwise.</param>
    /// <param name="ways">What to choose from.</param>
    public static VisionAttention Fastest(ComputeDevice device, GgmlBackendHandle backend, VisionLayout layout, TowerForm form, IReadOnlyList<VisionAttention> ways) => ways
        .Select(way => (Way: way, Time: Measure(device, backend, layout, form with { Attention = way, Pictures = 1 })))
        .Where(trial => trial.Time is not null)
        .OrderBy(trial => trial.Time)
        .Select(trial => trial.Way)
        .FirstOrDefault(VisionAttention.Plain);

    /// <summary>How long one layer's attention takes, the least of a few runs; null if the device can not compute it or has no memory for it.</summary>
    public static TimeSpan? Measure(ComputeDevice device, GgmlBackendHandle backend, VisionLayout layout, TowerForm form)
    {
        layout = layout with { ImageSize = layout.PatchSize * Math.Min(layout.PatchesPerSide, LongestSide) };
        int nodes = 64 + (12 * layout.HeadCount);
        nuint size = (Ggml.ggml_tensor_overhead() * (nuint)nodes) + Ggml.ggml_graph_overhead_custom((nuint)nodes, gradients: false);
        using GgmlContextHandle context = Ggml.ggml_init(new ggml_init_params { mem_size = size, no_alloc = 1 });
        ggml_tensor* joined = Ggml.ggml_new_tensor_2d(context, GgmlType.F32, 3L * layout.HiddenLength, layout.Patches);
        ggml_cgraph* graph = Ggml.ggml_new_graph_custom(context, (nuint)nodes, gradients: false);
        Ggml.ggml_build_forward_expand(graph, new AttentionGraph(context, layout, form with { Joined = true, OwnAttention = false }, work: null).Of(joined));
        for (int node = 0; node < Ggml.ggml_graph_n_nodes(graph); node++)
        {
            if (!device.Supports(Ggml.ggml_graph_node(graph, node))) return null;
        }

        using GgmlBufferHandle memory = GgmlBackend.ggml_backend_alloc_ctx_tensors_from_buft(context, (ggml_backend_buffer_type*)device.PlainBufferType);
        if (memory.IsInvalid) return null;
        GgmlBackend.ggml_backend_buffer_clear(memory, 0);
        TimeSpan least = TimeSpan.MaxValue;
        for (int run = 0; run <= Runs; run++)
        {
            long start = Stopwatch.GetTimestamp();
            if (GgmlBackend.ggml_backend_graph_compute(backend, graph) != 0) return null;
            TimeSpan time = Stopwatch.GetElapsedTime(start);
            // The first one also loads code.
            if (run > 0 && time < least) least = time;
        }

        return least;
    }
}
