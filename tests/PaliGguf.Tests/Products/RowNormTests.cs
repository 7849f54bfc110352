using PaliGguf.Products;

namespace PaliGguf.Tests.Products;

public sealed class RowNormTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(32)]
    [InlineData(1152)]
    public void A_row_gets_mean_0_and_variance_1_and_then_weight_and_bias(int length)
    {
        Random random = new(length);
        // Far from 0, where a sum of squares less the square of the sum would lose everything.
        float[] row = [.. ProductCase.Noise(random, length, 3).Select(value => value + 1000)], weight = ProductCase.Noise(random, length, 2), bias = ProductCase.Noise(random, length, 1);
        double mean = row.Average(value => (double)value);
        double scale = 1 / Math.Sqrt(row.Average(value => (value - mean) * (value - mean)) + 1e-6);
        float[] actual = new float[length];

        RowNorm.Apply(row, weight, bias, 1e-6f, actual);

        for (int index = 0; index < length; index++) Assert.Equal(((row[index] - mean) * scale * weight[index]) + bias[index], actual[index], 1e-3);
    }

    [Fact]
    public void Equal_numbers_give_the_bias()
    {
        float[] actual = new float[40];
        RowNorm.Apply([.. Enumerable.Repeat(5f, 40)], [.. Enumerable.Repeat(3f, 40)], [.. Enumerable.Range(0, 40).Select(index => (float)index)], 1e-6f, actual);
        Assert.Equal(Enumerable.Range(0, 40).Select(index => (float)index), actual);
    }
}
