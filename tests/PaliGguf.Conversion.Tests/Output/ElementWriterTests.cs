using System.Runtime.InteropServices;
using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Conversion.Output;
using PaliGguf.Conversion.Sources;
using PaliGguf.Gguf;

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

    [Fact]
    public void Eight_bit_blocks_hold_the_largest_of_them_exactly_and_the_others_within_half_a_step()
    {
        Gen<float[]> blocks = Gen.Choose(-1_000_000, 1_000_000).Select(value => value / 1024f).ArrayOf(64);
        Prop.ForAll(blocks.ToArbitrary(), values =>
        {
            byte[] stored = Store(GgmlType.Q8_0, values, rowLength: 64);
            Assert.Equal(68, stored.Length);
            for (int block = 0; block < 2; block++)
            {
                float step = values.AsSpan(block * 32, 32).ToArray().Max(MathF.Abs) / 127;
                float scale = (float)BitConverter.ToHalf(stored, block * 34);
                Assert.Equal(step, scale, step * 0.001f);
                for (int i = 0; i < 32; i++)
                {
                    float value = scale * (sbyte)stored[(block * 34) + 2 + i];
                    Assert.Equal(values[(block * 32) + i], value, (step * 0.5f) + (MathF.Abs(value) * 0.001f) + 1e-6f);
                }
            }
        }).QuickCheckThrowOnFailure();
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

    private static byte[] Store(GgmlType type, float[] values, int rowLength = 0)
    {
        byte[] stored = new byte[StorageType.ByteCount(type, values.Length)];
        ElementWriter.FromFloats(type, values, rowLength == 0 ? values.Length : rowLength, stored);
        return stored;
    }
}
