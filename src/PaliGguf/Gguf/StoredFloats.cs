using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace PaliGguf.Gguf;

/// <summary>Stored elements of a few types to floats without ggml, for what must not load the native library.</summary>
internal static class StoredFloats
{
    /// <summary>Whether a type is one of them.</summary>
    public static bool Reads(GgmlType type) => type is GgmlType.F32 or GgmlType.F16 or GgmlType.Q8_0;

    /// <summary>Turns stored elements into the floats that ggml makes of them.</summary>
    /// <param name="type">How <paramref name="stored"/> is stored.</param>
    /// <param name="stored">A whole number of blocks.</param>
    /// <param name="values">As many floats as <paramref name="stored"/> has elements.</param>
    /// <exception cref="ArgumentException">The type is not one of them, or the lengths do not fit.</exception>
    public static void Read(GgmlType type, ReadOnlySpan<byte> stored, Span<float> values)
    {
        if (!Reads(type)) throw new ArgumentException($"{type} is not turned into floats without ggml.", nameof(type));
        if (values.Length % type.BlockSize != 0 || stored.Length != (long)values.Length / type.BlockSize * type.TypeSize)
            throw new ArgumentException($"{stored.Length} bytes of {type} are not {values.Length} elements.", nameof(stored));

        if (type == GgmlType.F32) stored.CopyTo(MemoryMarshal.AsBytes(values));
        else if (type == GgmlType.F16) TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(stored), values);
        else ReadBlocks(stored, values);
    }

    // A block is the scale as F16, then signed bytes.
    private static void ReadBlocks(ReadOnlySpan<byte> stored, Span<float> values)
    {
        int length = GgmlType.Q8_0.BlockSize, bytes = GgmlType.Q8_0.TypeSize;
        for (int start = 0; start < values.Length; start += length)
        {
            ReadOnlySpan<byte> block = stored.Slice(start / length * bytes, bytes);
            float scale = (float)MemoryMarshal.Read<Half>(block);
            ReadOnlySpan<sbyte> elements = MemoryMarshal.Cast<byte, sbyte>(block[2..]);
            for (int i = 0; i < length; i++) values[start + i] = scale * elements[i];
        }
    }
}
