using PaliGguf.Evaluation.Metrics.Tokenization;

namespace PaliGguf.Evaluation.Tests.Metrics.Tokenization;

public sealed class PythonNumberTests
{
    [Theory]
    [InlineData("42", 42)]
    [InlineData(" \u00A042\t", 42)]
    [InlineData("+4.2e1", 42)]
    [InlineData("-.5", -0.5)]
    [InlineData("5.", 5)]
    [InlineData("1_000.000_5", 1000.0005)]
    [InlineData("1e1_0", 1e10)]
    [InlineData("\u0E54\u0E52", 42)]
    [InlineData("\U0001D7DC\U0001D7DA", 42)]
    [InlineData("1e400", double.PositiveInfinity)]
    [InlineData("-InFinity", double.NegativeInfinity)]
    [InlineData("+nan", double.NaN)]
    public void Is_a_number(string text, double expected)
    {
        Assert.True(PythonNumber.TryParse(text, out double value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("_1")]
    [InlineData("1_")]
    [InlineData("1__0")]
    [InlineData("1_.0")]
    [InlineData("1e_5")]
    [InlineData("1,000")]
    [InlineData("$5")]
    [InlineData("(5)")]
    [InlineData("5-")]
    [InlineData("+-5")]
    [InlineData("+-inf")]
    [InlineData("0x10")]
    [InlineData("1 000")]
    [InlineData(".")]
    [InlineData("1e")]
    [InlineData("infinit")]
    [InlineData("1\0")]
    public void Is_no_number(string text) => Assert.False(PythonNumber.TryParse(text, out _));
}
