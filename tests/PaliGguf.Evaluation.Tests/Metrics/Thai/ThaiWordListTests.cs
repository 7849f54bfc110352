using System.Text;
using PaliGguf.Evaluation.Metrics.Thai;
using PaliGguf.Tests;

namespace PaliGguf.Evaluation.Tests.Metrics.Thai;

public sealed class ThaiWordListTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_has_a_word_a_line_and_comments()
    {
        string path = Write(Encoding.UTF8.GetBytes("\uFEFFแมว \r\n# no word\nนอน # sleep\n\nแมว"));
        ThaiWordList words = ThaiWordList.Load(path);
        Assert.Equal(2, words.Count);
        Assert.Equal(["แมว", "นอน"], new NewmmTokenizer(words).Tokenize("แมวนอน"));
    }

    [Theory]
    [InlineData("", "holds no word")]
    [InlineData("# only a comment\n", "holds no word")]
    public void A_file_without_words_is_an_error(string text, string message) =>
        Assert.Contains(message, Assert.Throws<PaliException>(() => ThaiWordList.Load(Write(Encoding.UTF8.GetBytes(text)))).Message);

    [Fact]
    public void A_file_that_is_no_text_is_an_error() =>
        Assert.Contains("no UTF-8 text", Assert.Throws<PaliException>(() => ThaiWordList.Load(Write([0xFF, 0xFE, 0x01]))).Message);

    [Fact]
    public void A_file_that_is_not_there_is_an_error() =>
        Assert.Contains(
            "can not be read", Assert.Throws<PaliException>(() => ThaiWordList.Load(Path.Combine(_folder.Path, "none"))).Message);

    private string Write(byte[] bytes)
    {
        string path = Path.Combine(_folder.Path, "words.txt");
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
