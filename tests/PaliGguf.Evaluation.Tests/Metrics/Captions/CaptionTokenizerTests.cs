using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Evaluation.Metrics.Captions;

namespace PaliGguf.Evaluation.Tests.Metrics.Captions;

public sealed class CaptionTokenizerTests
{
    [Theory]
    [InlineData("The letter A.", "The next caption.", "the letter a")]
    [InlineData("The letter A.", "a caption in lower case", "the letter a.")]
    [InlineData("The letter A.", "", "the letter a.")]
    public void Whether_a_full_stop_ends_a_sentence_depends_on_the_caption_behind(string caption, string following, string expected) =>
        Assert.Equal(expected, CaptionTokenizer.Instance.Normalize(caption, following));

    [Theory]
    [InlineData("A man, a plan.", "a man a plan")]
    [InlineData("a sign (red) says \"Stop!\"", "a sign -lrb- red -rrb- says stop")]
    [InlineData("What?!", "what ?!")]
    [InlineData("Mr. Smith lives in the U.S. now", "mr. smith lives in the u.s. now")]
    [InlineData("İstanbul", "i\u0307stanbul")]
    public void Normalizes_as_the_scorers_expect(string caption, string expected) =>
        Assert.Equal(expected, CaptionTokenizer.Instance.Normalize(caption));

    [Fact]
    public void Any_text_has_tokens_that_are_not_empty() => Prop.ForAll(ArbMap.Default.ArbFor<string>(), text =>
        CaptionTokenizer.Instance.Tokenize(text ?? "").All(token => token.Length > 0)).QuickCheckThrowOnFailure();

    [Fact]
    public void What_the_scorers_get_is_made_of_its_tokens() => Prop.ForAll(Captions(), text =>
    {
        string caption = CaptionTokenizer.Instance.Normalize(text);
        IReadOnlyList<string> tokens = CaptionTokenizer.Instance.Tokenize(text);
        string[] kept = [.. tokens.Where(token => caption.Split(' ').Contains(token) || token.Contains(' '))];
        return caption == string.Join(' ', kept);
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("a=")]
    [InlineData("a,")]
    [InlineData("a.1.")]
    [InlineData("a-")]
    [InlineData("<a ")]
    [InlineData("'")]
    [InlineData("don't")]
    [InlineData("U.S. <")]
    public void A_long_text_of_one_pattern_is_read(string part)
    {
        string text = string.Concat(Enumerable.Repeat(part, 20_000));
        Assert.NotEmpty(CaptionTokenizer.Instance.Tokenize(text));
    }

    private static Arbitrary<string> Captions() => Gen.Elements(
            "a", "The", "dog's", "don't", "U.S.", "Mr.", "3.5", "1/2", "$5", "(", ")", "\"", "'", ".", ",", "!", "?!", "...", "--", "-",
                ";", ":", " ", " ", " ", "\u00BD", "\u0E41\u0E21\u0E27")
        .ListOf().Select(string.Concat).ToArbitrary();
}
