using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PaliGguf.Products;

/// <summary>
/// The inner loops of <see cref="AttentionTile"/> with vectors of 256 bits: 16 queries after the other, whose sums with four keys or values
/// are in half of the sixteen registers.
/// </summary>
internal static unsafe class NarrowLanes
{
    private const int Lanes = 8;

    /// <summary>The scores of four keys.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Score(float* queries, nint length, float* key, nint stride, float factor, float* scores)
    {
        Vector256<float> scale = Vector256.Create(factor);
        for (nint lane = 0; lane < AttentionTile.Queries; lane += 2 * Lanes, scores += 2 * Lanes)
        {
            Vector256<float> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
            float* query = queries + lane, end = query + (length * AttentionTile.Queries);
            for (float* of = key; query < end; of++, query += AttentionTile.Queries)
            {
                Vector256<float> q0 = Vector256.Load(query), q1 = Vector256.Load(query + Lanes);
                Add(Vector256.Create(of[0]), q0, q1, ref a0, ref a1);
                Add(Vector256.Create(of[stride]), q0, q1, ref b0, ref b1);
                Add(Vector256.Create(of[2 * stride]), q0, q1, ref c0, ref c1);
                Add(Vector256.Create(of[3 * stride]), q0, q1, ref d0, ref d1);
            }

            Store(scores, a0 * scale, a1 * scale);
            Store(scores + AttentionTile.Queries, b0 * scale, b1 * scale);
            Store(scores + (2 * AttentionTile.Queries), c0 * scale, c1 * scale);
            Store(scores + (3 * AttentionTile.Queries), d0 * scale, d1 * scale);
        }
    }

    /// <summary>Adds four columns of some values, weighed, to sums that are scaled first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Sum(float* weights, nint keys, float* value, nint stride, float* factors, float* sums)
    {
        for (nint lane = 0; lane < AttentionTile.Queries; lane += 2 * Lanes, sums += 2 * Lanes)
        {
            float* sumsB = sums + AttentionTile.Queries, sumsC = sumsB + AttentionTile.Queries, sumsD = sumsC + AttentionTile.Queries;
            Vector256<float> f0 = Vector256.Load(factors + lane), f1 = Vector256.Load(factors + lane + Lanes);
            Vector256<float> a0 = Vector256.Load(sums) * f0, a1 = Vector256.Load(sums + Lanes) * f1;
            Vector256<float> b0 = Vector256.Load(sumsB) * f0, b1 = Vector256.Load(sumsB + Lanes) * f1;
            Vector256<float> c0 = Vector256.Load(sumsC) * f0, c1 = Vector256.Load(sumsC + Lanes) * f1;
            Vector256<float> d0 = Vector256.Load(sumsD) * f0, d1 = Vector256.Load(sumsD + Lanes) * f1;
            float* weight = weights + lane, end = weight + (keys * AttentionTile.Queries);
            for (float* of = value; weight < end; of += stride, weight += AttentionTile.Queries)
            {
                Vector256<float> w0 = Vector256.Load(weight), w1 = Vector256.Load(weight + Lanes);
                Add(Vector256.Create(of[0]), w0, w1, ref a0, ref a1);
                Add(Vector256.Create(of[1]), w0, w1, ref b0, ref b1);
                Add(Vector256.Create(of[2]), w0, w1, ref c0, ref c1);
                Add(Vector256.Create(of[3]), w0, w1, ref d0, ref d1);
            }

            Store(sums, a0, a1);
            Store(sumsB, b0, b1);
            Store(sumsC, c0, c1);
            Store(sumsD, d0, d1);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(
        Vector256<float> one, Vector256<float> x0, Vector256<float> x1, ref Vector256<float> sum0, ref Vector256<float> sum1)
    {
        sum0 = Vector256.FusedMultiplyAdd(one, x0, sum0);
        sum1 = Vector256.FusedMultiplyAdd(one, x1, sum1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* to, Vector256<float> x0, Vector256<float> x1)
    {
        x0.Store(to);
        x1.Store(to + Lanes);
    }
}
