using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Evaluation.Metrics.Bert;

namespace PaliGguf.Evaluation.Tests.Metrics.Bert;

public sealed class WordPieceTokenizerTests
{
    private static readonly string[] Vocabulary =
    [
        "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "un", "##aff", "##able", "##a", "a", "b", "##b", "ab", "é", "e", "##\u0301", "แม", "##ว",
        ".", "$", "[", "]", "MASK", "你", "好", "😀", "##😀", "ａ", "カ", "##タ", "Ab", "##", "#",
    ];

    private static readonly WordPieceTokenizer Tokenizer = new(Vocabulary);

    [Theory]
    [InlineData("", "")]
    [InlineData("  \t\r\n ", "")]
    [InlineData("unaffable", "un ##aff ##able")]
    [InlineData("unaffable un", "un ##aff ##able un")]
    [InlineData("ab aab Ab AB", "ab a ##a ##b Ab [UNK]")]
    [InlineData("a.b$", "a . b $")]
    [InlineData("##", "# #")]
    [InlineData("你好a", "你 好 a")]
    [InlineData("カタ", "カ ##タ")]
    [InlineData("แมว", "แม ##ว")]
    [InlineData("é e\u0301", "é e ##\u0301")]
    [InlineData("a\u200Bb\u00ADb\0b\uFFFDb", "ab ##b ##b ##b")]
    [InlineData("a\u00A0b\u2003b\u3000b\u2028b", "a b b b b")]
    [InlineData("😀😀", "😀 ##😀")]
    [InlineData("a\uD83Db", "ab")]
    [InlineData("a[MASK]b [SEP]", "a [MASK] b [SEP]")]
    [InlineData("[MASK", "[ MASK")]
    [InlineData("[MASKa]", "[ MASK ##a ]")]
    public void Words_become_tokens(string text, string tokens) => Assert.Equal(tokens, Show(text));

    [Fact]
    public void A_word_of_more_than_100_characters_is_unknown()
    {
        Assert.Equal(100, Tokenizer.Encode(new string('a', 100)).Length - 2);
        Assert.Equal("[UNK]", Show(new string('a', 101)));
        Assert.Equal(100, Tokenizer.Encode(string.Concat(Enumerable.Repeat("😀", 100))).Length - 2);
        Assert.Equal("[UNK] a", Show(string.Concat(Enumerable.Repeat("😀", 101)) + " a"));
    }

    [Theory]
    [InlineData(2, new[] { 2, 3 })]
    [InlineData(3, new[] { 2, 5, 3 })]
    [InlineData(4, new[] { 2, 5, 6, 3 })]
    [InlineData(6, new[] { 2, 5, 6, 7, 9, 3 })]
    [InlineData(7, new[] { 2, 5, 6, 7, 9, 10, 3 })]
    public void What_is_too_long_is_cut_off_before_the_end(int most, int[] tokens) =>
        Assert.Equal(tokens, Tokenizer.Encode("unaffable a b", most));

    [Fact]
    public void Any_text_is_split_as_by_the_steps_of_the_description()
    {
        Gen<string> texts = Gen.Elements(
            "a", "b", "ab", "un", "aff", "able", "A", "é", "\u0301", "แม", "ว", "่", ".", "$", "^", "。", "«", "你", "𠀀", "😀", "カ", " ", "\t",
            "\u00A0", "\u2028", "\u200B", "\u0085", "\0", "\uFFFD", "\uD83D", "\uDE00", "[", "]", "MASK", "[UNK]", "##", "ａ", "１", "\u0378")
            .ListOf().Select(string.Concat);
        Prop.ForAll(texts.ToArbitrary(), text =>
        {
            int[] tokens = Tokenizer.Encode(text);
            Assert.Equal(NaiveWordPiece.Encode(Vocabulary, text), tokens);
            int most = 2 + (text.Length / 2);
            int[] cut = Tokenizer.Encode(text, most);
            Assert.Equal(Math.Min(most, tokens.Length), cut.Length);
            Assert.Equal(tokens[..(cut.Length - 1)], cut[..^1]);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Texts_without_what_is_dropped_give_the_same_tokens() =>
        Prop.ForAll(Gen.Elements("a", "b", "แม", "ว", ".", " ", "é", "你").ListOf().Select(string.Concat).ToArbitrary(), text =>
            Assert.Equal(Tokenizer.Encode(text), Tokenizer.Encode("\u200B " + string.Join('\u00AD', text.ToCharArray()) + "\t\0")))
            .QuickCheckThrowOnFailure();

    [Fact]
    public void A_vocabulary_needs_no_more_than_its_three_marks_and_may_hold_anything()
    {
        Assert.Equal([0, 1, 2], new WordPieceTokenizer(["[CLS]", "[UNK]", "[SEP]"]).Encode("anything"));
        Assert.Equal([1, 4, 5, 2], new WordPieceTokenizer(["a", "[CLS]", "[SEP]", "[UNK]", "a", "##a", "", "##"]).Encode("aa"));
        Assert.Throws<ArgumentException>(() => new WordPieceTokenizer(["[CLS]", "[SEP]"]));
        Assert.Throws<ArgumentException>(() => new WordPieceTokenizer([]));
        Prop.ForAll(ArbMap.Default.GeneratorFor<string[]>().ToArbitrary(), ArbMap.Default.GeneratorFor<string>().ToArbitrary(), (words, text) =>
        {
            WordPieceTokenizer any = new(["[UNK]", "[CLS]", "[SEP]", .. words.Select(word => word ?? "")]);
            Assert.All(any.Encode(text ?? ""), token => Assert.InRange(token, 0, any.Count - 1));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_text_of_words_that_match_as_late_as_can_be_is_split_in_time_that_grows_with_its_length()
    {
        string[] words = [.. Enumerable.Range(1, 99).Select(length => "##" + new string('a', length) + "x")];
        WordPieceTokenizer slow = new(["[UNK]", "[CLS]", "[SEP]", "a", "##a", .. words]);
        string text = string.Concat(Enumerable.Repeat(new string('a', 100) + " ", 10_000));

        Assert.Equal(512, slow.Encode(text, 512).Length);
        Assert.Equal(1002, slow.Encode(text[..1010]).Length);
        Assert.Equal(3, slow.Encode(new string('a', 10_000_000)).Length);
    }

    private static string Show(string text)
    {
        int[] tokens = Tokenizer.Encode(text);
        Assert.Equal((2, 3), (tokens[0], tokens[^1]));
        return string.Join(' ', tokens[1..^1].Select(token => Vocabulary[token]));
    }
}
