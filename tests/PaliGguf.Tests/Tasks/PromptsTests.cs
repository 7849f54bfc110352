using PaliGguf.Tasks;

namespace PaliGguf.Tests.Tasks;

public sealed class PromptsTests
{
    [Fact]
    public void Prompts_are_those_of_the_training_mixture()
    {
        Assert.Equal("cap en", Prompts.Cap());
        Assert.Equal("caption en", Prompts.Caption());
        Assert.Equal("caption th", Prompts.Caption("th"));
        Assert.Equal("describe de", Prompts.Describe("de"));
        Assert.Equal("ocr", Prompts.Ocr);
        Assert.Equal("answer en what is this?", Prompts.Answer("what is this?"));
        Assert.Equal("answer fr où est le chat?", Prompts.Answer(" où est le chat?\n", "fr"));
        Assert.Equal("question en a cat", Prompts.Question("a cat"));
        Assert.Equal("detect cat", Prompts.Detect("cat"));
        Assert.Equal("detect cat ; small dog", Prompts.Detect("cat", " small dog "));
        Assert.Equal("segment cat ; dog", Prompts.Segment(new List<string> { "cat", "dog" }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("e")]
    [InlineData("en us")]
    [InlineData("en\n")]
    [InlineData("caption en detect cat")]
    [InlineData("ภาษา")]
    [InlineData("xx")]
    public void What_is_no_language_is_refused_by_name(string language)
    {
        Assert.All<Func<string>>(
            [() => Prompts.Cap(language), () => Prompts.Caption(language), () => Prompts.Describe(language), () => Prompts.Answer("?", language), () => Prompts.Question("!", language)],
            prompt => Assert.Equal("language", Assert.Throws<ArgumentException>(prompt).ParamName));
    }

    [Theory]
    [InlineData("pt-BR", "pt")]
    [InlineData("zh_Hant", "zh")]
    [InlineData("fil", "fil")]
    [InlineData("English", "en")]
    public void A_prompt_has_the_code_that_the_model_was_trained_with(string language, string code) =>
        Assert.Equal("cap " + code, Prompts.Cap(language));

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    public void Empty_texts_are_refused(string empty)
    {
        Assert.Equal("question", Assert.Throws<ArgumentException>(() => Prompts.Answer(empty)).ParamName);
        Assert.Equal("answer", Assert.Throws<ArgumentException>(() => Prompts.Question(empty)).ParamName);
        Assert.Equal("labels", Assert.Throws<ArgumentException>(() => Prompts.Detect("cat", empty)).ParamName);
        Assert.Equal("labels", Assert.Throws<ArgumentException>(() => Prompts.Segment()).ParamName);
    }
}
