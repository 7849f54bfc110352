using PaliGguf.Products;

namespace PaliGguf.Tests.Products;

public sealed class GeluTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(4320)]
    public void Every_value_is_that_of_the_formula(int length)
    {
        Random random = new(length);
        float[] row = [.. Enumerable.Range(0, length).Select(_ => (40 * random.NextSingle()) - 20)];
        float[] bias = [.. Enumerable.Range(0, length).Select(_ => (2 * random.NextSingle()) - 1)];
        double[] expected = [.. row.Zip(bias, (value, added) => Activation(value + added))];

        Gelu.Apply(row, bias);

        for (int index = 0; index < length; index++) Assert.Equal(expected[index], row[index], 1e-6 * Math.Max(1, Math.Abs(expected[index])));
    }

    [Theory]
    [InlineData(0f, 0f)]
    [InlineData(1e30f, 1e30f)]
    [InlineData(-1e30f, 0f)]
    [InlineData(-1e10f, 0f)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(float.NaN, float.NaN)]
    public void The_ends_of_the_range_are_those_of_the_limit(float value, float expected)
    {
        float[] row = [.. Enumerable.Repeat(value, 9)];

        Gelu.Apply(row, new float[9]);

        Assert.All(row, actual => Assert.Equal(expected, actual == 0 ? 0 : actual));
    }

    private static double Activation(double x) => x / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))));
}
