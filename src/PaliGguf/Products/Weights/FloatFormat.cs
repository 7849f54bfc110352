using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PaliGguf.Products;

/// <summary>
/// Weights that are floats: a panel has the 16 rows' first weights, then their second ones, and so on, as 32-bit floats. Behind a row's
/// end come zeros.
/// </summary>
internal sealed unsafe class FloatFormat<TWeights>() : WeightFormat(TileShape.Floats)
    where TWeights : struct, IFloatWeights
{
    private const int Half = Panel.Rows / 2;
    private const int AtOnce = 8;
    private const int CacheLine = 64;

    public override int Length => 1;

    public override int Bytes => TWeights.Bytes;

    public override int Offset => 0;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Unpack(byte* weights, nint stride, nint length, nint first, nint count, bool signed, byte* panel, float* scales)
    {
        nint weight = first * Panel.BlockLength;
        nint end = Math.Min(length, weight + (count * Panel.BlockLength));
        byte* next = weights + (Panel.Rows * (stride + (weight * TWeights.Bytes)));
        float* target = (float*)panel;
        for (; weight <= end - AtOnce; weight += AtOnce, target += AtOnce * Panel.Rows)
        {
            for (nint line = 0; line < Panel.Rows * AtOnce * TWeights.Bytes; line += CacheLine) Sse.Prefetch1(next + line);
            next += Panel.Rows * AtOnce * TWeights.Bytes;
            Transpose(weights + (weight * TWeights.Bytes), stride, target);
            Transpose(weights + (weight * TWeights.Bytes) + (Half * stride), stride, target + Half);
        }

        for (; weight < end; weight++)
        {
            for (int row = 0; row < Panel.Rows; row++) *target++ = TWeights.One(weights + (row * stride) + (weight * TWeights.Bytes));
        }

        new Span<byte>(target, (int)(panel + (count * Shape.PanelBytes) - (byte*)target)).Clear();
    }

    /// <summary>8 weights of each of 8 rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(byte* weights, nint stride, float* target)
    {
        Vector256<float> a = TWeights.Eight(weights),
            b = TWeights.Eight(weights + stride), c = TWeights.Eight(weights + (2 * stride)), d = TWeights.Eight(weights + (3 * stride));
        weights += 4 * stride;
        Vector256<float> e = TWeights.Eight(weights),
            f = TWeights.Eight(weights + stride), g = TWeights.Eight(weights + (2 * stride)), h = TWeights.Eight(weights + (3 * stride));
        Quarter(a, b, c, d, out Vector256<float> top0, out Vector256<float> top1, out Vector256<float> top2, out Vector256<float> top3);
        Quarter(e, f, g, h, out Vector256<float> low0, out Vector256<float> low1, out Vector256<float> low2, out Vector256<float> low3);
        Store(top0, low0, target);
        Store(top1, low1, target + Panel.Rows);
        Store(top2, low2, target + (2 * Panel.Rows));
        Store(top3, low3, target + (3 * Panel.Rows));
    }

    /// <summary>Of four rows' eight weights, in each half of a vector, the four rows' weight n and n + 4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quarter(
        Vector256<float> a, Vector256<float> b, Vector256<float> c, Vector256<float> d,
        out Vector256<float> q0, out Vector256<float> q1, out Vector256<float> q2, out Vector256<float> q3)
    {
        Vector256<double> ab = Avx.UnpackLow(a, b).AsDouble(), cd = Avx.UnpackLow(c, d).AsDouble();
        q0 = Avx.UnpackLow(ab, cd).AsSingle();
        q1 = Avx.UnpackHigh(ab, cd).AsSingle();
        ab = Avx.UnpackHigh(a, b).AsDouble();
        cd = Avx.UnpackHigh(c, d).AsDouble();
        q2 = Avx.UnpackLow(ab, cd).AsSingle();
        q3 = Avx.UnpackHigh(ab, cd).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<float> top, Vector256<float> low, float* target)
    {
        Avx.Permute2x128(top, low, 0x20).Store(target);
        Avx.Permute2x128(top, low, 0x31).Store(target + (4 * Panel.Rows));
    }
}
