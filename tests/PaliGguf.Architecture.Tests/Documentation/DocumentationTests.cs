using PaliGguf.Tests;

namespace PaliGguf.Architecture.Tests.Documentation;

/// <summary>Holds the documentation to links that lead somewhere, and pages for engineers to a length that is read.</summary>
public sealed class DocumentationTests
{
    private const int MostLines = 60;

    public static TheoryData<string> Pages =>
    [
        "README.md",
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Repository.Root, path)).Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Links_lead_somewhere(string page) => Assert.Empty(MarkdownLinks.Broken(Path.Combine(Repository.Root, page)));

    [Fact]
    public void Pages_for_engineers_are_short() => Assert.Empty(
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs", "dev"), "*.md")
            .Select(path => (Page: Path.GetFileName(path), Lines: File.ReadLines(path).Count()))
            .Where(page => page.Lines > MostLines)
            .Select(page => $"{page.Page} has {page.Lines} lines; {MostLines} are read"));

    [Fact]
    public void The_page_of_the_architecture_names_every_page_for_engineers()
    {
        string text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "architecture.md"));
        Assert.All(
            Directory.EnumerateFiles(Path.Combine(Repository.Root, "docs", "dev"), "*.md").Select(Path.GetFileName),
            page => Assert.Contains($"(dev/{page})", text, StringComparison.Ordinal));
    }
}
