using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using PaliGguf.Interop;

namespace PaliGguf.Products;

/// <summary>
/// Operations of the decoder's graph element by element, in vectors and in 32-bit floats, shared by all threads. The library's own call a function for each hyperbolic tangent, on one thread for each
/// row of logits, and look activations up in a table of 16-bit floats.
/// </summary>
internal static unsafe class VectorOperations
{
    /// <summary>For an operation with one source: tanh(x).</summary>
    public static delegate*<ggml_tensor*, int, int, ProductWork, void> Tanh => &ComputeTanh;

    /// <summary>For an operation with two: gelu(gate) * x.</summary>
    public static delegate*<ggml_tensor*, int, int, ProductWork, void> GatedGelu => &ComputeGatedGelu;

    /// <summary>Replaces values by their hyperbolic tangents; within 2e-7 of the true ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ApplyTanh(ReadOnlySpan<float> values, Span<float> result)
    {
        result = result[..values.Length];
        int done = 0;
        for (; done <= values.Length - Vector256<float>.Count; done += Vector256<float>.Count) TanhOf(Vector256.Create(values[done..])).CopyTo(result[done..]);
        for (; done < values.Length; done++) result[done] = MathF.Tanh(values[done]);
    }

    /// <summary>gelu(gate) * x with the activation of <see cref="Gelu"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ApplyGatedGelu(ReadOnlySpan<float> gate, ReadOnlySpan<float> values, Span<float> result)
    {
        values = values[..gate.Length];
        result = result[..gate.Length];
        int done = 0;
        for (; done <= gate.Length - Vector256<float>.Count; done += Vector256<float>.Count)
        {
            (Gelu.Of(Vector256.Create(gate[done..])) * Vector256.Create(values[done..])).CopyTo(result[done..]);
        }

        for (; done < gate.Length; done++) result[done] = Gelu.Of(gate[done]) * values[done];
    }

    // tanh(x) = 1 - 2 / (exp(2 x) + 1); beyond 20 it is 1 in 32-bit floats, and the exponential would not be finite.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> TanhOf(Vector256<float> x)
    {
        Vector256<float> bounded = Vector256.Min(Vector256.Max(x, Vector256.Create(-20f)), Vector256.Create(20f));
        return Vector256<float>.One - (Vector256.Create(2f) / (Vector256.Exp(bounded + bounded) + Vector256<float>.One));
    }

    private static void ComputeTanh(ggml_tensor* result, int thread, int threads, ProductWork work)
    {
        (nint start, int length) = Share(result, thread, threads);
        ApplyTanh(Elements(result->Source(0), start, length), Elements(result, start, length));
    }

    private static void ComputeGatedGelu(ggml_tensor* result, int thread, int threads, ProductWork work)
    {
        (nint start, int length) = Share(result, thread, threads);
        ApplyGatedGelu(
            Elements(result->Source(0), start, length), Elements(result->Source(1), start, length), Elements(result, start, length));
    }

    /// <summary>What a thread computes of a result without gaps.</summary>
    public static (nint Start, int Length) Share(ggml_tensor* result, int thread, int threads)
    {
        long vectors = ((result->ne[0] * result->ne[1]) + Vector256<float>.Count - 1) / Vector256<float>.Count;
        long start = vectors * thread / threads * Vector256<float>.Count;
        long end = Math.Min(vectors * (thread + 1) / threads * Vector256<float>.Count, result->ne[0] * result->ne[1]);
        return ((nint)start, (int)(end - start));
    }

    private static Span<float> Elements(ggml_tensor* tensor, nint start, int length) => new((float*)tensor->data + start, length);
}
