using PaliGguf.Interop;

namespace PaliGguf.Tests.Interop;

public sealed class GgmlRowsTests
{
    private const int RowLength = 512;

    [Theory]
    [InlineData(GgmlType.F32, 0)]
    [InlineData(GgmlType.F16, 0.0005)]
    [InlineData(GgmlType.BF16, 0.004)]
    [InlineData(GgmlType.Q8_0, 0.005)]
    [InlineData(GgmlType.Q6_K, 0.04)]
    [InlineData(GgmlType.Q4_K, 0.12)]
    [InlineData(GgmlType.Q4_0, 0.15)]
    public void What_is_stored_comes_back_within_the_types_error(GgmlType type, double relativeToBlock)
    {
        float[] values = Values(3 * RowLength);
        byte[] stored = new byte[type.TensorByteLength([RowLength, 3])];
        GgmlRows.Quantize(type, values, RowLength, [], stored);
        float[] back = new float[values.Length];
        GgmlRows.Dequantize(type, stored, back);

        double largestError = 0;
        for (int block = 0; block < values.Length; block += 32)
        {
            double scale = values.AsSpan(block, 32).ToArray().Max(value => Math.Abs(value));
            for (int index = block; index < block + 32; index++) largestError = Math.Max(largestError, Math.Abs(values[index] - back[index]) / scale);
        }

        Assert.InRange(largestError, relativeToBlock / 20, relativeToBlock);
    }

    [Fact]
    public void Rows_are_stored_one_after_the_other()
    {
        float[] values = Values(2 * RowLength);
        byte[] both = new byte[GgmlType.Q8_0.TensorByteLength([RowLength, 2])];
        byte[] second = new byte[GgmlType.Q8_0.RowByteLength(RowLength)];
        GgmlRows.Quantize(GgmlType.Q8_0, values, RowLength, [], both);
        GgmlRows.Quantize(GgmlType.Q8_0, values.AsSpan(RowLength), RowLength, [], second);
        Assert.Equal(both[second.Length..], second);
    }

    [Fact]
    public void Nothing_is_nothing()
    {
        GgmlRows.Dequantize(GgmlType.Q8_0, [], []);
        GgmlRows.Quantize(GgmlType.Q8_0, [], 32, [], []);
    }

    /// <summary>Types, and bytes that are not so many floats of them.</summary>
    public static TheoryData<GgmlType, int, int> Misfits { get; } = new()
    {
        { GgmlType.Q8_0, 34, 31 }, { GgmlType.Q8_0, 33, 32 }, { GgmlType.Q8_0, 68, 32 }, { GgmlType.F32, 4, 2 }, { GgmlType.F16, 3, 1 },
        { (GgmlType)4, 20, 32 },
    };

    [Theory]
    [MemberData(nameof(Misfits))]
    public void Bytes_and_floats_that_do_not_fit_each_other_are_refused(GgmlType type, int bytes, int floats) =>
        Assert.Throws<ArgumentException>(() => GgmlRows.Dequantize(type, new byte[bytes], new float[floats]));

    [Theory]
    [InlineData(64, 33, 68)]
    [InlineData(64, 0, 68)]
    [InlineData(64, -32, 68)]
    [InlineData(65, 32, 68)]
    [InlineData(64, 32, 67)]
    [InlineData(64, 32, 69)]
    public void Rows_that_are_no_whole_blocks_are_refused(int floats, long rowLength, int bytes) =>
        Assert.Throws<ArgumentException>(() => GgmlRows.Quantize(GgmlType.Q8_0, new float[floats], rowLength, [], new byte[bytes]));

    [Fact]
    public void Types_without_a_conversion_are_refused()
    {
        Assert.Throws<NotSupportedException>(() => GgmlRows.Dequantize(GgmlType.I32, new byte[4], new float[1]));
        Assert.Throws<NotSupportedException>(() => GgmlRows.Dequantize(GgmlType.Q8_K, new byte[292], new float[256]));
        Assert.Throws<NotSupportedException>(() => GgmlRows.Quantize(GgmlType.IQ2_XXS, new float[256], 256, [], new byte[66]));
        Assert.Throws<NotSupportedException>(() => GgmlRows.Quantize(GgmlType.I32, new float[1], 1, [], new byte[4]));
    }

    private static float[] Values(int count)
    {
        Random random = new(4);
        return Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 2) - 1)).ToArray();
    }
}
