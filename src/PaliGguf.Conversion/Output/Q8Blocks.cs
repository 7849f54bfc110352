using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using PaliGguf.Interop;

namespace PaliGguf.Conversion.Output;

/// <summary>
/// Q8_0, byte for byte as ggml's reference code quantizes, which takes ten times as long: it rounds one element after the other.
/// A block is the scale as F16, then 32 signed bytes.
/// </summary>
internal static class Q8Blocks
{
    public const int Length = 32;
    public const int Bytes = 34;

    public static void Quantize(ReadOnlySpan<float> source, Span<byte> destination)
    {
        if (source.Length % Length != 0 || destination.Length != source.Length / Length * Bytes)
        {
            throw new ArgumentException($"{source.Length} floats do not make {destination.Length} bytes.", nameof(destination));
        }

        for (int block = 0; block < source.Length / Length; block++)
        {
            QuantizeBlock(source.Slice(block * Length, Length), destination.Slice(block * Bytes, Bytes));
        }
    }

    /// <summary>The reference: the same bytes, by ggml itself.</summary>
    public static void QuantizeByGgml(ReadOnlySpan<float> source, Span<byte> destination) => GgmlRows.Quantize(GgmlType.Q8_0, source, Length, [], destination);

    private static void QuantizeBlock(ReadOnlySpan<float> source, Span<byte> destination)
    {
        Vector256<float> a = Vector256.Create(source);
        Vector256<float> b = Vector256.Create(source[8..]);
        Vector256<float> c = Vector256.Create(source[16..]);
        Vector256<float> d = Vector256.Create(source[24..]);
        float scale = Largest(Vector256.Max(
            Vector256.Max(Vector256.Abs(a), Vector256.Abs(b)),
            Vector256.Max(Vector256.Abs(c), Vector256.Abs(d)))) / 127;
        float inverse = scale == 0 ? 0 : 1 / scale;
        if (!float.IsFinite(inverse))
        {
            // The block is so close to zero that its scale vanishes as F16; whatever ggml makes of it is as good.
            QuantizeByGgml(source, destination);
            return;
        }

        MemoryMarshal.Write(destination, (Half)scale);
        Vector256.Narrow(
            Vector256.Narrow(Round(a * inverse), Round(b * inverse)),
            Vector256.Narrow(Round(c * inverse), Round(d * inverse))).CopyTo(MemoryMarshal.Cast<byte, sbyte>(destination[2..]));
    }

    private static float Largest(Vector256<float> values)
    {
        Vector128<float> halves = Vector128.Max(values.GetLower(), values.GetUpper());
        return MathF.Max(MathF.Max(halves[0], halves[1]), MathF.Max(halves[2], halves[3]));
    }

    // Halves away from zero, as C's roundf does; adding one half first would round 0.49999997 up.
    private static Vector256<int> Round(Vector256<float> values)
    {
        Vector256<float> whole = Vector256.Truncate(values);
        Vector256<float> up = Vector256.GreaterThanOrEqual(Vector256.Abs(values - whole), Vector256.Create(0.5f));
        Vector256<float> one = Vector256.CopySign(Vector256<float>.One, values);
        return Vector256.ConvertToInt32(whole + (up & one));
    }
}
