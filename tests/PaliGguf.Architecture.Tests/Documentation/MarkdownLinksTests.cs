using PaliGguf.Tests;

namespace PaliGguf.Architecture.Tests.Documentation;

public sealed class MarkdownLinksTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("[a](other.md)")]
    [InlineData("[a](other.md#a-heading-of-two)")]
    [InlineData("[a](#own)\n\n## Own")]
    [InlineData("[a](https://example.org/none.md)")]
    [InlineData("```\n[a](none.md)\n```\n")]
    public void What_is_there_is_not_broken(string text) => Assert.Empty(Broken(text));

    [Theory]
    [InlineData("[a](none.md)")]
    [InlineData("[a](other.md#another)")]
    [InlineData("[a](#own)")]
    public void What_is_not_there_is_broken(string text) => Assert.Single(Broken(text));

    private string[] Broken(string text)
    {
        File.WriteAllText(Path.Combine(_folder.Path, "other.md"), "# A `heading`, of two!");
        string page = Path.Combine(_folder.Path, "page.md");
        File.WriteAllText(page, text);
        return [.. MarkdownLinks.Broken(page)];
    }
}
