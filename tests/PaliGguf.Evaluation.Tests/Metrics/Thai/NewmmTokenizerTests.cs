using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Evaluation.Metrics.Thai;

namespace PaliGguf.Evaluation.Tests.Metrics.Thai;

public sealed class NewmmTokenizerTests
{
    private static readonly ThaiWordList Words = ThaiWordList.Create(
        ["ตา", "ตาก", "ตากลม", "ลม", "กลม", "มา", "มาก", "กว่า", "ก", "แมว", "นอน"]);

    [Fact]
    public void Tokens_together_are_the_text()
    {
        Gen<string> piece = Gen.Elements(
            "ต", "า", "ก", "ล", "ม", "่", "เ", "แ", "์", "ะ", "a", "-", "1", "๑", ",", ".", ":", " ", "\t", "\r", "\n",
            "\uD83D\uDE00", "\uD83D", "\uDE00", "\U0001D7DC", "ๆ", "é");
        Prop.ForAll(piece.ArrayOf().Select(string.Concat).ToArbitrary(), text =>
            string.Concat(new NewmmTokenizer(Words).Tokenize(text)) == text
            && new NewmmTokenizer(Words).Tokenize(text).All(token => token.Length > 0)).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("ตากลม", "ตากลม")]
    [InlineData("แมวนอน ตากลม", "แมว|นอน| |ตากลม")]
    [InlineData("แมวฟฟนอน", "แมว|ฟฟ|นอน")]
    [InlineData("12.50 1,2.3:4", "12.50| |1,2.3:4")]
    [InlineData("แมว\r\nนอน\n", "แมว|\r\n|นอน|\n")]
    [InlineData("😀😀แมว", "😀😀|แมว")]
    [InlineData("𝟜𝟚é𝟜", "𝟜𝟚|é𝟜")]
    public void Finds_words(string text, string expected) =>
        Assert.Equal(expected, string.Join('|', new NewmmTokenizer(Words).Tokenize(text)));

    [Theory]
    [InlineData("ก")]
    [InlineData("ตากลมมา")]
    [InlineData("ฟ")]
    [InlineData("1.")]
    [InlineData("\r")]
    [InlineData("เตี")]
    public void A_long_text_takes_time_in_proportion(string piece)
    {
        string text = string.Concat(Enumerable.Repeat(piece, 1_000_000 / piece.Length));
        Assert.Equal(text.Length, new NewmmTokenizer(Words).Tokenize(text).Sum(token => token.Length));
    }

    [Fact]
    public void Paths_that_never_meet_take_time_in_proportion()
    {
        // Each word ends in the middle of another.
        NewmmTokenizer tokenizer = new(ThaiWordList.Create(["กขก", "ขกข", "กข"]));
        string text = string.Concat(Enumerable.Repeat("กข", 250_000)) + "ฃ";
        Assert.Equal(text.Length, tokenizer.Tokenize(text).Sum(token => token.Length));
    }

    [Fact]
    public void Spaces_are_words_unless_they_are_not_kept()
    {
        Assert.Equal(["แมว", " ", "นอน"], new NewmmTokenizer(Words).Tokenize("แมว นอน"));
        Assert.Equal(["แมว", "นอน"], new NewmmTokenizer(Words, keepWhiteSpace: false).Tokenize("แมว นอน"));
    }
}
