using PaliGguf.Evaluation.Metrics.Tokenization;

namespace PaliGguf.Evaluation.Tests.Metrics.Tokenization;

/// <summary>The expected values are Python's.</summary>
public sealed class PythonTextTests
{
    [Theory]
    [InlineData("  a\u00A0b\tc\u001Dd\u2009e\u200Bf ", "a|b|c|d|e\u200Bf")]
    [InlineData("", "")]
    [InlineData("\u0085 \u3000", "")]
    [InlineData("word", "word")]
    public void Splits_at_what_Python_calls_white_space(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', PythonText.Split(text)));

    [Theory]
    [InlineData("İSTANBUL", "i\u0307stanbul")]
    [InlineData("ΟΔΟΣ ΣΟΦΟΣ", "οδος σοφος")]
    [InlineData("Σ", "σ")]
    [InlineData("ΑΣ.Β", "ασ.β")]
    [InlineData("ΑΣΒ", "ασβ")]
    [InlineData("STRASSE ẞ", "strasse ß")]
    [InlineData("𐐀", "𐐨")]
    public void Lower_case_is_Unicode_s(string text, string expected) => Assert.Equal(expected, PythonText.ToLower(text));

    [Theory]
    [InlineData(" a b \u001F\n", "a b", " a b")]
    [InlineData("\u00A0", "", "")]
    public void Strips_what_Python_strips(string text, string stripped, string end)
    {
        Assert.Equal(stripped, PythonText.Strip(text));
        Assert.Equal(end, PythonText.StripEnd(text));
    }
}
