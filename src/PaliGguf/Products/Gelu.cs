using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PaliGguf.Products;

/// <summary>The MLP's activation in 32-bit floats.</summary>
internal static class Gelu
{
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
}
