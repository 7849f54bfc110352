using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PaliGguf.Conversion.Sources;

/// <summary>Stored elements to floats: without loss, but for doubles, which are rounded to nearest.</summary>
internal static class ElementReader
{
    /// <summary>Reads stored elements.</summary>
    /// <param name="type">A floating-point type of 16 bits or more.</param>
    /// <param name="source">Little-endian elements.</param>
    /// <param name="destination">As many floats as there are elements.</param>
    public static void ToFloats(ElementType type, ReadOnlySpan<byte> source, Span<float> destination)
    {
        if (source.Length != destination.Length * type.Size()) throw new ArgumentException("The spans do not have equally many elements.", nameof(destination));
        switch (type)
        {
            case ElementType.F32:
                source.CopyTo(MemoryMarshal.AsBytes(destination));
                break;
            case ElementType.F16:
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(source), destination);
                break;
            case ElementType.BF16:
                Widen(MemoryMarshal.Cast<byte, ushort>(source), MemoryMarshal.Cast<float, uint>(destination));
                break;
            case ElementType.F64:
                TensorPrimitives.ConvertTruncating(MemoryMarshal.Cast<byte, double>(source), destination);
                break;
            default:
                throw new NotSupportedException($"Elements of {type} are not read.");
        }
    }

    // A bfloat16 is the upper half of a float.
    private static void Widen(ReadOnlySpan<ushort> source, Span<uint> destination)
    {
        int i = 0;
        for (; i <= source.Length - Vector256<ushort>.Count; i += Vector256<ushort>.Count)
        {
            (Vector256<uint> low, Vector256<uint> high) = Vector256.Widen(Vector256.Create(source[i..]));
            (low << 16).CopyTo(destination[i..]);
            (high << 16).CopyTo(destination[(i + Vector256<uint>.Count)..]);
        }

        for (; i < source.Length; i++) destination[i] = (uint)source[i] << 16;
    }
}
