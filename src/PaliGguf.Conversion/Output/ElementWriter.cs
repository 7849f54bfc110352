using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using PaliGguf.Interop;

namespace PaliGguf.Conversion.Output;

/// <summary>Floats to stored elements, rounded to nearest even.</summary>
internal static class ElementWriter
{
    /// <summary>Stores rows of floats.</summary>
    /// <param name="type">How the elements are stored.</param>
    /// <param name="rows">Whole rows of finite numbers within the type's range.</param>
    /// <param name="rowLength">Elements per row.</param>
    /// <param name="importance">
    /// How much an error in each column counts: the mean square of what the column is multiplied with. Empty where all count alike; without effect on
    /// floating-point types and Q8_0.
    /// </param>
    /// <param name="destination">Exactly the bytes that the rows take.</param>
    public static void FromFloats(GgmlType type, ReadOnlySpan<float> rows, int rowLength, ReadOnlySpan<float> importance, Span<byte> destination)
    {
        switch (type)
        {
            case GgmlType.F32:
                MemoryMarshal.AsBytes(rows).CopyTo(destination);
                break;
            case GgmlType.F16:
                TensorPrimitives.ConvertToHalf(rows, MemoryMarshal.Cast<byte, Half>(destination));
                break;
            case GgmlType.BF16:
                Narrow(MemoryMarshal.Cast<float, uint>(rows), MemoryMarshal.Cast<byte, ushort>(destination));
                break;
            case GgmlType.Q8_0:
                Q8Blocks.Quantize(rows, destination);
                break;
            default:
                GgmlRows.Quantize(type, rows, rowLength, importance, destination);
                break;
        }
    }

    // Adding 0x7FFF, and one more when the upper half is odd, carries into the upper half exactly when it must be rounded up.
    private static void Narrow(ReadOnlySpan<uint> source, Span<ushort> destination)
    {
        int i = 0;
        for (; i <= source.Length - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
        {
            Vector256<uint> low = Round(Vector256.Create(source[i..]));
            Vector256<uint> high = Round(Vector256.Create(source[(i + Vector256<uint>.Count)..]));
            Vector256.Narrow(low, high).CopyTo(destination[i..]);
        }

        for (; i < source.Length; i++) destination[i] = (ushort)((source[i] + 0x7FFF + ((source[i] >> 16) & 1)) >> 16);
    }

    private static Vector256<uint> Round(Vector256<uint> bits) =>
        (bits + Vector256.Create(0x7FFFu) + ((bits >>> 16) & Vector256<uint>.One)) >>> 16;
}
