using PaliGguf.Products;

namespace PaliGguf.Tests.Products;

public sealed class ErrorFunctionGeluTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(1003)]
    public void The_activation_is_that_of_the_formula(int length)
    {
        Random random = new(length);
        float[] values = [.. Enumerable.Range(0, length).Select(_ => (10 * random.NextSingle()) - 5)];
        float[] result = new float[length];

        ErrorFunctionGelu.Apply(values, result);

        for (int index = 0; index < length; index++) Assert.Equal(Plain(values[index]), result[index], 1e-6);
    }

    [Fact]
    public void Far_from_0_it_is_the_value_itself_or_0_and_what_is_not_a_number_stays_none()
    {
        float[] values = [-1e30f, -40, 0, 40, 1e18f, float.NaN];
        float[] result = new float[values.Length];

        ErrorFunctionGelu.Apply(values, result);

        Assert.Equal([0, 0, 0, 40, 1e18f, float.NaN], result.Select(value => value == 0 ? 0 : value));
    }

    // x/2 (1 + erf(x / sqrt 2)), with the series of erf, whose terms grow too large for exact sums farther from 0.
    private static double Plain(double x)
    {
        double z = x / Math.Sqrt(2);
        double term = z;
        double sum = z;
        for (int n = 1; n < 300; n++)
        {
            term *= -z * z / n;
            sum += term / ((2 * n) + 1);
        }

        return x / 2 * (1 + (2 / Math.Sqrt(Math.PI) * sum));
    }
}
