using System.Runtime.Intrinsics;
using PaliGguf.Products;

namespace PaliGguf.Tests.Products;

public sealed class PowersOf2Tests
{
    [Fact]
    public void Each_is_right_to_the_last_digits()
    {
        for (int step = -126 * 97; step < 127 * 97; step++)
        {
            float exponent = step / 97f;
            double expected = Math.Pow(2, exponent);
            Assert.Equal(expected, PowersOf2.Of(Vector256.Create(exponent))[3], 3e-7 * expected);
            Assert.Equal(expected, PowersOf2.Of(Vector512.Create(exponent))[9], 3e-7 * expected);
        }
    }

    [Theory]
    [InlineData(-127f, 0f)]
    [InlineData(-1e30f, 0f)]
    [InlineData(float.NegativeInfinity, 0f)]
    [InlineData(0f, 1f)]
    [InlineData(128f, float.PositiveInfinity)]
    [InlineData(1e30f, float.PositiveInfinity)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity)]
    public void What_is_out_of_range_is_zero_or_infinite(float exponent, float expected)
    {
        Assert.Equal(expected, PowersOf2.Of(Vector256.Create(exponent))[0]);
        Assert.Equal(expected, PowersOf2.Of(Vector512.Create(exponent))[0]);
    }
}
