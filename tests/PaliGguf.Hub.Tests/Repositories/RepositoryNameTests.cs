using PaliGguf.Hub.Repositories;

namespace PaliGguf.Hub.Tests.Repositories;

public sealed class RepositoryNameTests
{
    [Theory]
    [InlineData("google/paligemma2-3b-mix-224", "google/paligemma2-3b-mix-224", RepositoryKind.Model)]
    [InlineData("https://huggingface.co/google/paligemma2-3b-mix-224", "google/paligemma2-3b-mix-224", RepositoryKind.Model)]
    [InlineData("https://hf.co/google/gemma_2.x/", "google/gemma_2.x", RepositoryKind.Model)]
    [InlineData("https://huggingface.co/datasets/a/b", "a/b", RepositoryKind.Dataset)]
    public void A_name_or_the_address_of_a_page_is_read(string text, string name, RepositoryKind kind)
    {
        RepositoryName parsed = RepositoryName.Parse(text, RepositoryKind.Model);

        Assert.Equal(name, parsed.ToString());
        Assert.Equal(kind, parsed.Kind);
    }

    [Theory]
    [InlineData("paligemma")]
    [InlineData("")]
    [InlineData("a/b/c")]
    [InlineData("../b")]
    [InlineData("a/..")]
    [InlineData("a/b..c")]
    [InlineData("a/b?x=1")]
    [InlineData("a/b c")]
    [InlineData("https://example.org/a/b")]
    public void Anything_else_is_refused(string text)
    {
        HubException refused = Assert.Throws<HubException>(() => RepositoryName.Parse(text, RepositoryKind.Model));

        Assert.Contains("OWNER/NAME is expected", refused.Message, StringComparison.Ordinal);
    }
}
