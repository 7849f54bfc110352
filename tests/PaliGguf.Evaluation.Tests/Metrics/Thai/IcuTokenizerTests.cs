using PaliGguf.Evaluation.Metrics.Thai;

namespace PaliGguf.Evaluation.Tests.Metrics.Thai;

public sealed class IcuTokenizerTests
{
    [Fact]
    public void Finds_words_or_says_that_there_is_no_ICU()
    {
        try
        {
            IcuTokenizer tokenizer = new();
            Assert.Equal(["แมว", "นอน", " ", "2", "\n"], tokenizer.Tokenize("แมวนอน 2\n"));
            Assert.Equal(["แมว", "นอน"], new IcuTokenizer(keepWhiteSpace: false).Tokenize("แมว นอน"));
            Assert.Empty(tokenizer.Tokenize(""));
            Assert.Equal(["\uD83D"], tokenizer.Tokenize("\uD83D"));
        }
        catch (PaliException e)
        {
            Assert.Contains("There is no ICU library", e.Message);
        }
    }
}
