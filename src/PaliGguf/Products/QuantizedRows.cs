using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PaliGguf.Products;

/// <summary>
/// Rows of floats as the products take them: in blocks of 32 with a scale each, signed bytes of at most 127. As the library's Q8_0, but with scales in 32-bit floats. With each block goes what its
/// product with the weights' offset is too much.
/// </summary>
internal unsafe struct QuantizedRows
{
    private const float Largest = 127;

    /// <summary>The length of a row.</summary>
    public nint Length;

    public sbyte* Values;

    /// <summary>A float per block.</summary>
    public float* Scales;

    /// <summary>Per block the negative sum of its bytes, times the offset of the weights.</summary>
    public int* Corrections;

    /// <summary>The blocks of a row.</summary>
    public readonly nint Blocks => Length / IWeightBlock.Length;

    /// <summary>Quantizes a row.</summary>
    /// <param name="row">Its number.</param>
    /// <param name="source">As many floats as a row is long.</param>
    /// <param name="offset">The offset of the weights that it will be multiplied with.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Set(nint row, float* source, int offset)
    {
        nint blocks = Blocks;
        sbyte* values = Values + (row * Length);
        float* scales = Scales + (row * blocks);
        int* corrections = Corrections + (row * blocks);
        for (nint block = 0; block < blocks; block++, source += IWeightBlock.Length, values += IWeightBlock.Length)
        {
            Vector256<float> x0 = Vector256.Load(source), x1 = Vector256.Load(source + 8), x2 = Vector256.Load(source + 16), x3 = Vector256.Load(source + 24);
            float highest = Highest(Avx.Max(Avx.Max(Vector256.Abs(x0), Vector256.Abs(x1)), Avx.Max(Vector256.Abs(x2), Vector256.Abs(x3))));
            Vector256<float> factor = Vector256.Create(highest > 0 ? Largest / highest : 0);
            Vector256<int> q0 = Avx.ConvertToVector256Int32(x0 * factor), q1 = Avx.ConvertToVector256Int32(x1 * factor);
            Vector256<int> q2 = Avx.ConvertToVector256Int32(x2 * factor), q3 = Avx.ConvertToVector256Int32(x3 * factor);
            scales[block] = highest / Largest;
            corrections[block] = -offset * Vector256.Sum(q0 + q1 + (q2 + q3));
            // Packing goes by halves of a vector.
            Vector256<sbyte> packed = Avx2.PackSignedSaturate(Avx2.PackSignedSaturate(q0, q1), Avx2.PackSignedSaturate(q2, q3));
            Avx2.PermuteVar8x32(packed.AsInt32(), Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7)).AsSByte().Store(values);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Highest(Vector256<float> lanes)
    {
        Vector128<float> half = Sse.Max(lanes.GetLower(), lanes.GetUpper());
        half = Sse.Max(half, Sse.MoveHighToLow(half, half));
        return Sse.MaxScalar(half, Vector128.Shuffle(half, Vector128.Create(1, 1, 1, 1))).ToScalar();
    }
}
