using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace PaliGguf.Gguf;

/// <summary>Metadata values as files have them: the type, then the value.</summary>
internal static class GgufValueEncoder
{
    private const int TypeBytes = 4;
    private const int LengthBytes = 8;
    private const int ArrayHeaderBytes = TypeBytes + TypeBytes + LengthBytes;

    public static byte[] Number<T>(T value)
        where T : unmanaged
    {
        byte[] encoded = new byte[TypeBytes + Unsafe.SizeOf<T>()];
        BinaryPrimitives.WriteInt32LittleEndian(encoded, (int)GgufValueTypes.Of<T>());
        MemoryMarshal.Write(encoded.AsSpan(TypeBytes), in value);
        return encoded;
    }

    public static byte[] Text(string value)
    {
        byte[] encoded = new byte[TypeBytes + LengthBytes + GgufName.Measure(value, nameof(value))];
        BinaryPrimitives.WriteInt32LittleEndian(encoded, (int)GgufValueType.String);
        WriteText(encoded.AsSpan(TypeBytes), value);
        return encoded;
    }

    public static byte[] Array<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        byte[] encoded = ArrayOf(GgufValueTypes.Of<T>(), values.Length, (long)values.Length * Unsafe.SizeOf<T>(), nameof(values));
        MemoryMarshal.AsBytes(values).CopyTo(encoded.AsSpan(ArrayHeaderBytes));
        return encoded;
    }

    public static byte[] Texts(IReadOnlyList<string> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        long bytes = values.Sum(text => (long)LengthBytes + GgufName.Measure(text, nameof(values)));
        byte[] encoded = ArrayOf(GgufValueType.String, values.Count, bytes, nameof(values));
        Span<byte> target = encoded.AsSpan(ArrayHeaderBytes);
        foreach (string text in values) target = target[WriteText(target, text)..];
        return encoded;
    }

    private static int WriteText(Span<byte> target, string text)
    {
        int length = Encoding.UTF8.GetBytes(text, target[LengthBytes..]);
        BinaryPrimitives.WriteInt64LittleEndian(target, length);
        return LengthBytes + length;
    }

    private static byte[] ArrayOf(GgufValueType elementType, int count, long elementBytes, string parameterName)
    {
        if (count > GgufLimits.ArrayLength || elementBytes > System.Array.MaxLength - ArrayHeaderBytes)
        {
            throw new ArgumentException($"An array of {count} elements and {elementBytes} bytes is too long.", parameterName);
        }

        byte[] encoded = new byte[ArrayHeaderBytes + (int)elementBytes];
        BinaryPrimitives.WriteInt32LittleEndian(encoded, (int)GgufValueType.Array);
        BinaryPrimitives.WriteInt32LittleEndian(encoded.AsSpan(TypeBytes), (int)elementType);
        BinaryPrimitives.WriteInt64LittleEndian(encoded.AsSpan(TypeBytes + TypeBytes), count);
        return encoded;
    }
}
