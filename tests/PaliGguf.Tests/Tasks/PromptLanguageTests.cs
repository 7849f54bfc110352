using PaliGguf.Tasks;

namespace PaliGguf.Tests.Tasks;

public sealed class PromptLanguageTests
{
    [Fact]
    public void They_are_the_35_of_COCO_35L() =>
        Assert.Equal(
            "ar bn cs da de el en es fa fi fil fr he hi hr hu id it ja ko mi nl no pl pt ro ru sv sw te th tr uk vi zh",
            string.Join(' ', PromptLanguage.Codes));

    [Fact]
    public void Each_is_known_by_its_code_in_any_case_and_with_any_region() =>
        Assert.All(PromptLanguage.Codes,
            code =>
                Assert.Equal([code, code, code, code],
                    new[] { code, code.ToUpperInvariant(), $"{code}-XX", $"{code}_Latn_x_y" }.Select(PromptLanguage.Find)));

    [Theory]
    [InlineData("thai", "th")]
    [InlineData("ไทย", "th")]
    [InlineData("th-TH", "th")]
    [InlineData("TH", "th")]
    [InlineData("Thai", "th")]
    [InlineData("tha", "th")]
    [InlineData("English", "en")]
    [InlineData("ENGLISH", "en")]
    [InlineData("en-GB-oxendict", "en")]
    [InlineData("Français", "fr")]
    [InlineData("zh-Hans-CN", "zh")]
    [InlineData("cmn-Hant", "zh")]
    [InlineData("nb-NO", "no")]
    [InlineData("iw", "he")]
    [InlineData("tl-PH", "fil")]
    [InlineData("deu", "de")]
    [InlineData("ger", "de")]
    [InlineData("Bahasa Indonesia", "id")]
    public void Other_names_are_understood(string name, string code) => Assert.Equal(code, PromptLanguage.Find(name));

    [Theory]
    [InlineData("")]
    [InlineData("e")]
    [InlineData("xx")]
    [InlineData("ca")]
    [InlineData("english please")]
    [InlineData("en us")]
    [InlineData("en-")]
    [InlineData("-en")]
    [InlineData("en--US")]
    [InlineData("en-ninechars")]
    [InlineData("en-é")]
    [InlineData("en\n")]
    [InlineData("Klingon")]
    [InlineData("English-US")]
    [InlineData("en-US-a-b-c-d-e-f-g-h-i-j-k-l-m-n-o-p-q-r-s")]
    public void What_is_none_of_them_is_refused_with_the_list(string name)
    {
        Assert.Null(PromptLanguage.Find(name));
        Assert.Contains("(ar, bn, ", Assert.Throws<ArgumentException>(() => PromptLanguage.Require(name)).Message);
    }

    [Fact]
    public void A_refusal_quotes_no_more_than_a_line() =>
        Assert.InRange(Assert.Throws<ArgumentException>(() => PromptLanguage.Require(new string('x', 1_000_000))).Message.Length, 100, 400);
}
