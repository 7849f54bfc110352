using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using PaliGguf.Interop;

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

    /// <summary>gelu(x + bias) with gelu(x) = x/2 * (1 + tanh(sqrt(2/pi) * (x + 0.044715 x^3))): Hendrycks and Gimpel, arXiv 1606.08415.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply(Span<float> row, ReadOnlySpan<float> bias)
    {
        // (1 + tanh(z)) / 2 = 1 / (1 + exp(-2 z)).
        const float Linear = -1.5957691216057308f;
        const float Cubic = 0.044715f * Linear;
        bias = bias[..row.Length];
        int done = 0;
        for (; done <= row.Length - Vector256<float>.Count; done += Vector256<float>.Count)
        {
            Vector256<float> x = Vector256.Create<float>(row[done..]) + Vector256.Create(bias[done..]);
            Vector256<float> exponent = x * Vector256.FusedMultiplyAdd(Vector256.Create(Cubic), x * x, Vector256.Create(Linear));
            (x / (Vector256<float>.One + Vector256.Exp(exponent))).CopyTo(row[done..]);
        }

        for (; done < row.Length; done++)
        {
            float x = row[done] + bias[done];
            row[done] = x / (1 + MathF.Exp(x * ((Cubic * x * x) + Linear)));
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Compute(ggml_tensor* result, ggml_tensor* rows, ggml_tensor* bias, int thread, int threads, void* userData)
    {
        int width = (int)rows->ne[0];
        long end = rows->ne[1] * (thread + 1) / threads;
        for (long row = rows->ne[1] * thread / threads; row < end; row++)
        {
            Apply(new Span<float>((float*)result->data + (row * width), width), new ReadOnlySpan<float>(bias->data, width));
        }
    }
}
