using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PaliGguf.Products;

/// <summary>The MLP's activation in 32-bit floats: gelu(x) = x/2 * (1 + tanh(sqrt(2/pi) * (x + 0.044715 x^3))), Hendrycks and Gimpel, arXiv 1606.08415.</summary>
internal static class Gelu
{
    // (1 + tanh(z)) / 2 = 1 / (1 + 2^(-2 z / ln 2)).
    private const float Linear = -2.302208198f;
    private const float Cubic = 0.044715f * Linear;

    /// <summary>gelu(x + bias).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply(Span<float> row, ReadOnlySpan<float> bias)
    {
        bias = bias[..row.Length];
        int done = 0;
        for (; done <= row.Length - Vector256<float>.Count; done += Vector256<float>.Count)
        {
            Of(Vector256.Create<float>(row[done..]) + Vector256.Create(bias[done..])).CopyTo(row[done..]);
        }

        for (; done < row.Length; done++) row[done] = Of(row[done] + bias[done]);
    }

    /// <summary>gelu(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Of(Vector256<float> x)
    {
        Vector256<float> exponent = x * Vector256.FusedMultiplyAdd(Vector256.Create(Cubic), x * x, Vector256.Create(Linear));
        return x / (Vector256<float>.One + PowersOf2.Of(exponent));
    }

    /// <summary>gelu(x).</summary>
    public static float Of(float x) => x / (1 + float.Exp2(x * ((Cubic * x * x) + Linear)));
}
