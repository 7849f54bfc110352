using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PaliGguf.Interop;
using PaliGguf.Products;

namespace PaliGguf.Vision;

/// <summary>
/// The MLP's bias and activation in one pass over its rows, as an operation of a graph on the CPU, in 32-bit floats. The library's own takes two passes and looks the activation up in a
/// table of 16-bit floats.
/// </summary>
internal static unsafe class BiasedGelu
{
    // GGML_N_TASKS_MAX: as many as there are threads.
    private const int EveryThread = -1;

    /// <summary>Replaces rows, [width, rows] without gaps, by the activation of their sum with a bias of this width.</summary>
    public static ggml_tensor* Of(GgmlContextHandle context, ggml_tensor* rows, ggml_tensor* bias) =>
        Ggml.ggml_map_custom2_inplace(context, rows, bias, &Compute, EveryThread, null);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Compute(ggml_tensor* result, ggml_tensor* rows, ggml_tensor* bias, int thread, int threads, void* userData)
    {
        int width = (int)rows->ne[0];
        long end = rows->ne[1] * (thread + 1) / threads;
        for (long row = rows->ne[1] * thread / threads; row < end; row++)
        {
            Gelu.Apply(new Span<float>((float*)result->data + (row * width), width), new ReadOnlySpan<float>(bias->data, width));
        }
    }
}
