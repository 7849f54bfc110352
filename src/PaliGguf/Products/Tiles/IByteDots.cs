using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PaliGguf.Products;

/// <summary>Sums of products of bytes in vectors of 256 bits.</summary>
internal unsafe interface IByteDots
{
    /// <summary>Adds 16 values' products with the weights of 8 columns, of which each vector has four.</summary>
    static abstract Vector256<int> Add(
        Vector256<int> sum, Vector256<byte> w0, Vector256<byte> w1, Vector256<byte> w2, Vector256<byte> w3, sbyte* values);
}

/// <summary>By AVX-VNNI; weights are unsigned.</summary>
internal readonly unsafe struct AvxVnniDots : IByteDots
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(
        Vector256<int> sum, Vector256<byte> w0, Vector256<byte> w1, Vector256<byte> w2, Vector256<byte> w3, sbyte* values)
    {
        sum = Add(sum, w0, Quad.Of(values));
        sum = Add(sum, w1, Quad.Of(values + 4));
        sum = Add(sum, w2, Quad.Of(values + 8));
        return Add(sum, w3, Quad.Of(values + 12));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Add(Vector256<int> sum, Vector256<byte> weights, Vector256<sbyte> values) =>
        AvxVnni.MultiplyWideningAndAdd(sum, weights, values);
}

/// <summary>
/// By AVX2, which adds pairs of products in 16 bits and cuts off what does not fit. Of unsigned weights of five bits four pairs fit (4 * 2
/// * 31 * 127 = 31,496), of six bits two (2 * 2 * 63 * 127 = 32,004).
/// </summary>
internal readonly unsafe struct Avx2UnsignedDots<TFits> : IByteDots
    where TFits : struct, IPairsThatFit
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(
        Vector256<int> sum, Vector256<byte> w0, Vector256<byte> w1, Vector256<byte> w2, Vector256<byte> w3, sbyte* values)
    {
        Vector256<short> low = Avx2.MultiplyAddAdjacent(w0, Quad.Of(values)) + Avx2.MultiplyAddAdjacent(w1, Quad.Of(values + 4));
        Vector256<short> high = Avx2.MultiplyAddAdjacent(w2, Quad.Of(values + 8)) + Avx2.MultiplyAddAdjacent(w3, Quad.Of(values + 12));
        if (TFits.Pairs == 4) return sum + Avx2.MultiplyAddAdjacent(low + high, Vector256<short>.One);
        return sum + Avx2.MultiplyAddAdjacent(low, Vector256<short>.One) + Avx2.MultiplyAddAdjacent(high, Vector256<short>.One);
    }
}

/// <summary>How many sums of two products a sum in 16 bits can hold.</summary>
internal interface IPairsThatFit
{
    static abstract int Pairs { get; }
}

internal readonly struct FourPairs : IPairsThatFit
{
    public static int Pairs => 4;
}

internal readonly struct TwoPairs : IPairsThatFit
{
    public static int Pairs => 2;
}

/// <summary>
/// By AVX2, of signed weights of eight bits: a weight's magnitude times the value with the weight's sign. One pair fits: 2 * 128 * 127 =
/// 32,512. The values are never -128, whose sign could not be changed.
/// </summary>
internal readonly unsafe struct Avx2WideDots : IByteDots
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(
        Vector256<int> sum, Vector256<byte> w0, Vector256<byte> w1, Vector256<byte> w2, Vector256<byte> w3, sbyte* values) =>
        Add(Add(Add(Add(sum, w0, Quad.Of(values)), w1, Quad.Of(values + 4)), w2, Quad.Of(values + 8)), w3, Quad.Of(values + 12));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Add(Vector256<int> sum, Vector256<byte> weights, Vector256<sbyte> values) =>
        sum + Avx2.MultiplyAddAdjacent(
            Avx2.MultiplyAddAdjacent(Avx2.Abs(weights.AsSByte()), Avx2.Sign(values, weights.AsSByte())), Vector256<short>.One);
}

/// <summary>Four values in all lanes.</summary>
internal static unsafe class Quad
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<sbyte> Of(sbyte* values) => Vector256.Create(*(int*)values).AsSByte();
}
