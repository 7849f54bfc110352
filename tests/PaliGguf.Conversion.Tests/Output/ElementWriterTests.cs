using System.Runtime.InteropServices;
using PaliGguf.Conversion.Output;
using PaliGguf.Conversion.Sources;

namespace PaliGguf.Conversion.Tests.Output;

public sealed class ElementWriterTests
{
    [Fact]
    public void Half_precision_is_rounded_to_nearest_even()
    {
        float[] values = Values();
        byte[] stored = Store(GgmlType.F16, values);
        Assert.Equal(values.Select(value => BitConverter.HalfToUInt16Bits((Half)value)), MemoryMarshal.Cast<byte, ushort>(stored).ToArray());
        Assert.Equal([(Half)1f, (Half)1.001953125f], MemoryMarshal.Cast<byte, Half>(Store(GgmlType.F16, [1.00048828125f, 1.00146484375f])).ToArray());
    }

    [Fact]
    public void Bfloat16_is_rounded_to_nearest_even()
    {
        float[] values = Values();
        Assert.Equal(values.Select(NearestBfloat16), MemoryMarshal.Cast<byte, ushort>(Store(GgmlType.BF16, values)).ToArray());

        // Halfway cases: 0x3F80_8000 lies between an even and an odd neighbour, 0x3F81_8000 between an odd and an even one.
        float[] halves = [Bits(0x3F80_8000), Bits(0x3F81_8000), Bits(0x3F80_8001), Bits(0xBF80_8000)];
        Assert.Equal([0x3F80, 0x3F82, 0x3F81, 0xBF80], MemoryMarshal.Cast<byte, ushort>(Store(GgmlType.BF16, halves)).ToArray());
    }

    [Theory]
    [InlineData(GgmlType.F32)]
    [InlineData(GgmlType.F16)]
    [InlineData(GgmlType.BF16)]
    public void What_a_type_holds_comes_back_unchanged(GgmlType type)
    {
        byte[] stored = Store(type, Values());
        float[] floats = new float[Values().Length];
        ElementReader.ToFloats(Enum.Parse<ElementType>(type.ToString()), stored, floats);
        Assert.Equal(stored, Store(type, floats));
    }

    // Lengths that are no multiple of a vector's, values of all magnitudes, and each conversion's remainder loop.
    private static float[] Values()
    {
        Random random = new(5);
        return Enumerable.Range(0, 1037).Select(_ => (float)((random.NextDouble() - 0.5) * Math.Pow(2, random.Next(-30, 16)))).Append(0f).Append(-0f).ToArray();
    }

    private static ushort NearestBfloat16(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        ushort below = (ushort)(bits >> 16);
        uint rest = bits & 0xFFFF;
        return rest > 0x8000 || (rest == 0x8000 && (below & 1) == 1) ? (ushort)(below + 1) : below;
    }

    private static float Bits(uint bits) => BitConverter.UInt32BitsToSingle(bits);

    private static byte[] Store(GgmlType type, float[] values)
    {
        byte[] stored = new byte[type.RowByteLength(values.Length)];
        ElementWriter.FromFloats(type, values, values.Length, [], stored);
        return stored;
    }
}
