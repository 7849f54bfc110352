using PaliGguf.Products;

namespace PaliGguf.Tests.Products;

public sealed class VectorOperationsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(1003)]
    public void A_hyperbolic_tangent_is_that_of_the_formula(int length)
    {
        Random random = new(length);
        float[] values = [.. Enumerable.Range(0, length).Select(_ => (60 * random.NextSingle()) - 30)];
        float[] result = new float[length];

        VectorOperations.ApplyTanh(values, result);

        for (int index = 0; index < length; index++) Assert.Equal(Math.Tanh(values[index]), result[index], 2e-7);
    }

    [Fact]
    public void A_hyperbolic_tangent_stays_within_one_whatever_the_value()
    {
        float[] values = [float.NegativeInfinity, -1e30f, -20, -1e-30f, 0, 1e-30f, 20, 1e30f, float.PositiveInfinity, float.MaxValue];
        float[] result = new float[values.Length];

        VectorOperations.ApplyTanh(values, result);

        Assert.Equal([-1, -1, -1, 0, 0, 0, 1, 1, 1, 1], result.Select(value => MathF.Round(value)));
    }

    [Fact]
    public void What_is_not_a_number_stays_none()
    {
        float[] values = [.. Enumerable.Repeat(float.NaN, 11)];
        float[] tanh = new float[11], gated = new float[11];

        VectorOperations.ApplyTanh(values, tanh);
        VectorOperations.ApplyGatedGelu(values, values, gated);

        Assert.All(tanh.Concat(gated), value => Assert.True(float.IsNaN(value)));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(64)]
    [InlineData(1003)]
    public void A_gated_activation_is_that_of_the_formula(int length)
    {
        Random random = new(length);
        float[] gate = [.. Enumerable.Range(0, length).Select(_ => (20 * random.NextSingle()) - 10)];
        float[] values = [.. Enumerable.Range(0, length).Select(_ => (4 * random.NextSingle()) - 2)];
        float[] result = new float[length];

        VectorOperations.ApplyGatedGelu(gate, values, result);

        for (int index = 0; index < length; index++)
        {
            double x = gate[index];
            double expected = x / 2 * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))) * values[index];
            Assert.Equal(expected, result[index], 1e-5);
        }
    }
}
