using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using PaliGguf.Interop;

namespace PaliGguf.Products;

/// <summary>
/// BERT's activation, gelu(x) = x/2 * (1 + erf(x / sqrt 2)), in 32-bit floats. The library has only the tanh form of it in its graph of such
/// models, looked up in a table of 16-bit floats; both show in the third digit of a hidden state. For one scheduler on the CPU.
/// </summary>
internal static unsafe class ErrorFunctionGelu
{
    // erfc(z) = t (A1 + t (A2 + t (A3 + t (A4 + t A5)))) exp(-z^2), t = 1 / (1 + P z), for z >= 0, within 1.5e-7: Hastings,
    // "Approximations for Digital Computers", 1955, as in Abramowitz and Stegun, 7.1.26.
    private const float P = 0.3275911f, A1 = 0.254829592f, A2 = -0.284496736f, A3 = 1.421413741f, A4 = -1.453152027f, A5 = 1.061405429f;
    private const float RootOfHalf = 0.70710678f;

    /// <summary>For the scheduler; makes the activations of a graph ours, and asks for no node's values. It has no user data.</summary>
    public static delegate* unmanaged[Cdecl]<ggml_tensor*, byte, void*, byte> Callback
    {
        get
        {
            GgmlOperations.Load();
            return &OnNode;
        }
    }

    /// <summary>gelu(x), within 1e-6 of the true value for x up to 10.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply(ReadOnlySpan<float> values, Span<float> result)
    {
        result = result[..values.Length];
        int done = 0;
        for (; done <= values.Length - Vector256<float>.Count; done += Vector256<float>.Count)
        {
            Of(Vector256.Create(values[done..])).CopyTo(result[done..]);
        }

        for (; done < values.Length; done++) result[done] = Of(Vector256.Create(values[done]))[0];
    }

    // With e = erfc(|x| / sqrt 2): x/2 * e below 0, and x - x/2 * e above, neither of which loses digits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Of(Vector256<float> x)
    {
        Vector256<float> z = Vector256.Abs(x) * RootOfHalf;
        Vector256<float> t = Vector256<float>.One / (Vector256<float>.One + (z * P));
        Vector256<float> sum = Vector256.Create(A5);
        sum = (sum * t) + Vector256.Create(A4);
        sum = (sum * t) + Vector256.Create(A3);
        sum = (sum * t) + Vector256.Create(A2);
        sum = (sum * t) + Vector256.Create(A1);
        Vector256<float> half = x * 0.5f * sum * t * Vector256.Exp(-z * z);
        return Vector256.ConditionalSelect(Vector256.LessThan(x, Vector256<float>.Zero), half, x - half);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte OnNode(ggml_tensor* node, byte ask, void* userData)
    {
        if (ask != 0 && GgmlOperations.IsGelu(node) && GraphRows.AreDense(node, 1)) CustomOperation.Replace(node, &Compute, null);
        return 0;
    }

    private static void Compute(ggml_tensor* result, int thread, int threads, ProductWork? work)
    {
        (nint start, int length) = VectorOperations.Share(result, thread, threads);
        Apply(
            new ReadOnlySpan<float>((float*)(result->Source(0))->data + start, length),
            new Span<float>((float*)result->data + start, length));
    }
}
