using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PaliGguf.Products;

/// <summary>
/// The inner loops of <see cref="AttentionTile"/> with vectors of 512 bits: all queries at once. <see cref="NarrowLanes"/> adds in the same
/// order.
/// </summary>
internal static unsafe class WideLanes
{
    private const int Lanes = 16;

    /// <summary>The scores of four keys.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Score(float* queries, nint length, float* key, nint stride, float factor, float* scores)
    {
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
        Vector512<float> c0 = default, c1 = default, c2 = default, c3 = default, d0 = default, d1 = default, d2 = default, d3 = default;
        for (nint column = 0; column < length; column++, key++, queries += AttentionTile.Queries)
        {
            Read(queries, out Vector512<float> q0, out Vector512<float> q1, out Vector512<float> q2, out Vector512<float> q3);
            Add(Vector512.Create(key[0]), q0, q1, q2, q3, ref a0, ref a1, ref a2, ref a3);
            Add(Vector512.Create(key[stride]), q0, q1, q2, q3, ref b0, ref b1, ref b2, ref b3);
            Add(Vector512.Create(key[2 * stride]), q0, q1, q2, q3, ref c0, ref c1, ref c2, ref c3);
            Add(Vector512.Create(key[3 * stride]), q0, q1, q2, q3, ref d0, ref d1, ref d2, ref d3);
        }

        Vector512<float> scale = Vector512.Create(factor);
        Store(scores, a0 * scale, a1 * scale, a2 * scale, a3 * scale);
        Store(scores + AttentionTile.Queries, b0 * scale, b1 * scale, b2 * scale, b3 * scale);
        Store(scores + (2 * AttentionTile.Queries), c0 * scale, c1 * scale, c2 * scale, c3 * scale);
        Store(scores + (3 * AttentionTile.Queries), d0 * scale, d1 * scale, d2 * scale, d3 * scale);
    }

    /// <summary>Adds four columns of some values, weighed, to sums that are scaled first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Sum(float* weights, nint keys, float* value, nint stride, float* factors, float* sums)
    {
        float* sumsB = sums + AttentionTile.Queries, sumsC = sumsB + AttentionTile.Queries, sumsD = sumsC + AttentionTile.Queries;
        Read(factors, out Vector512<float> f0, out Vector512<float> f1, out Vector512<float> f2, out Vector512<float> f3);
        Read(sums, out Vector512<float> a0, out Vector512<float> a1, out Vector512<float> a2, out Vector512<float> a3);
        Read(sumsB, out Vector512<float> b0, out Vector512<float> b1, out Vector512<float> b2, out Vector512<float> b3);
        Read(sumsC, out Vector512<float> c0, out Vector512<float> c1, out Vector512<float> c2, out Vector512<float> c3);
        Read(sumsD, out Vector512<float> d0, out Vector512<float> d1, out Vector512<float> d2, out Vector512<float> d3);
        (a0, a1, a2, a3) = (a0 * f0, a1 * f1, a2 * f2, a3 * f3);
        (b0, b1, b2, b3) = (b0 * f0, b1 * f1, b2 * f2, b3 * f3);
        (c0, c1, c2, c3) = (c0 * f0, c1 * f1, c2 * f2, c3 * f3);
        (d0, d1, d2, d3) = (d0 * f0, d1 * f1, d2 * f2, d3 * f3);
        for (nint key = 0; key < keys; key++, value += stride, weights += AttentionTile.Queries)
        {
            Read(weights, out Vector512<float> w0, out Vector512<float> w1, out Vector512<float> w2, out Vector512<float> w3);
            Add(Vector512.Create(value[0]), w0, w1, w2, w3, ref a0, ref a1, ref a2, ref a3);
            Add(Vector512.Create(value[1]), w0, w1, w2, w3, ref b0, ref b1, ref b2, ref b3);
            Add(Vector512.Create(value[2]), w0, w1, w2, w3, ref c0, ref c1, ref c2, ref c3);
            Add(Vector512.Create(value[3]), w0, w1, w2, w3, ref d0, ref d1, ref d2, ref d3);
        }

        Store(sums, a0, a1, a2, a3);
        Store(sumsB, b0, b1, b2, b3);
        Store(sumsC, c0, c1, c2, c3);
        Store(sumsD, d0, d1, d2, d3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(
        Vector512<float> one, Vector512<float> x0, Vector512<float> x1, Vector512<float> x2, Vector512<float> x3,
        ref Vector512<float> sum0, ref Vector512<float> sum1, ref Vector512<float> sum2, ref Vector512<float> sum3)
    {
        sum0 = Vector512.FusedMultiplyAdd(one, x0, sum0);
        sum1 = Vector512.FusedMultiplyAdd(one, x1, sum1);
        sum2 = Vector512.FusedMultiplyAdd(one, x2, sum2);
        sum3 = Vector512.FusedMultiplyAdd(one, x3, sum3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Read(
        float* from, out Vector512<float> x0, out Vector512<float> x1, out Vector512<float> x2, out Vector512<float> x3)
    {
        x0 = Vector512.Load(from);
        x1 = Vector512.Load(from + Lanes);
        x2 = Vector512.Load(from + (2 * Lanes));
        x3 = Vector512.Load(from + (3 * Lanes));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* to, Vector512<float> x0, Vector512<float> x1, Vector512<float> x2, Vector512<float> x3)
    {
        x0.Store(to);
        x1.Store(to + Lanes);
        x2.Store(to + (2 * Lanes));
        x3.Store(to + (3 * Lanes));
    }
}
