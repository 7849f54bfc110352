namespace PaliGguf.Tests;

public class GgmlTypesTests
{
    [Fact]
    public void Every_member_has_a_size()
    {
        Assert.All(Enum.GetValues<GgmlType>(), type =>
        {
            Assert.True(type.IsKnown);
            Assert.True(type.BlockSize > 0 && type.TypeSize > 0);
            Assert.Equal(type.BlockSize > 1, type.IsQuantized);
        });
    }

    [Theory]
    [InlineData(GgmlType.F32, 1, 4)]
    [InlineData(GgmlType.BF16, 1, 2)]
    [InlineData(GgmlType.Q4_0, 32, 2 + 16)]
    [InlineData(GgmlType.Q8_0, 32, 2 + 32)]
    [InlineData(GgmlType.Q4_K, 256, 2 + 2 + 12 + 128)]
    [InlineData(GgmlType.Q6_K, 256, 128 + 64 + 16 + 2)]
    [InlineData(GgmlType.MXFP4, 32, 1 + 16)]
    [InlineData(GgmlType.NVFP4, 64, 4 + 32)]
    [InlineData(GgmlType.Q1_0, 128, 2 + 16)]
    [InlineData(GgmlType.Q2_0, 64, 2 + 16)]
    public void Blocks_have_the_sizes_of_their_parts(GgmlType type, int elements, int bytes) =>
        Assert.Equal((elements, bytes), (type.BlockSize, type.TypeSize));

    [Fact]
    public void Names_are_those_commonly_written()
    {
        Assert.Equal("Q8_0", GgmlType.Q8_0.Name);
        Assert.Equal("IQ2_XXS", GgmlType.IQ2_XXS.Name);
    }

    [Fact]
    public void A_tensor_takes_the_bytes_of_its_rows()
    {
        Assert.Equal(34, GgmlType.Q8_0.RowByteLength(32));
        Assert.Equal(2L * 1152 * 3 * 5, GgmlType.F16.TensorByteLength([1152, 3, 5, 1]));
        Assert.Equal(2304L / 256 * 144 * 257216, GgmlType.Q4_K.TensorByteLength([2304, 257216]));
    }

    [Theory]
    [InlineData(31)]
    [InlineData(-32)]
    [InlineData(0)]
    public void Rows_are_whole_blocks(long elements) => Assert.Throws<ArgumentOutOfRangeException>(() => GgmlType.Q8_0.RowByteLength(elements));

    [Fact]
    public void Sizes_beyond_63_bits_are_refused()
    {
        Assert.Throws<OverflowException>(() => GgmlType.F32.RowByteLength(1L << 61));
        Assert.Throws<OverflowException>(() => GgmlType.F32.TensorByteLength([1L << 31, 1L << 31]));

        // The bytes would fit, the number of elements does not.
        Assert.Throws<OverflowException>(() => GgmlType.Q4_0.TensorByteLength([1L << 32, 1L << 31]));
    }

    [Fact]
    public void Shapes_have_one_to_four_dimensions_of_at_least_one()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => GgmlType.F32.TensorByteLength([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => GgmlType.F32.TensorByteLength([1, 1, 1, 1, 1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => GgmlType.F32.TensorByteLength([1, 0]));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(31)]
    [InlineData(43)]
    [InlineData(-1)]
    public void Numbers_without_a_meaning_are_no_types(int number)
    {
        Assert.False(((GgmlType)number).IsKnown);
        Assert.Throws<ArgumentOutOfRangeException>(() => ((GgmlType)number).BlockSize);
    }
}
