using PaliGguf.Batch.Sources;
using PaliGguf.Tests;

namespace PaliGguf.Batch.Tests.Sources;

public sealed class WorkSourcesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Several_folders_have_ids_that_begin_with_their_names()
    {
        Directory.CreateDirectory(_folder.File("a"));
        Directory.CreateDirectory(_folder.File("b"));
        File.WriteAllText(_folder.File("a/1.jpg"), "");
        File.WriteAllText(_folder.File("b/1.jpg"), "");
        Assert.Equal([_folder.File("a") + "/1.jpg", _folder.File("b") + "/1.jpg"], Ids(_folder.File("a"), _folder.File("b/")));
        Assert.Equal(["1.jpg"], Ids(_folder.File("a")));
    }

    [Fact]
    public void A_pattern_stands_for_pictures_or_for_files_that_hold_them()
    {
        foreach (string name in (string[])["1.jpg", "2.jpg", "3.png"]) File.WriteAllText(_folder.File(name), "");
        File.WriteAllText(_folder.File("l10.txt"), "x.jpg");
        File.WriteAllText(_folder.File("l9.txt"), "y.jpg");
        Assert.Equal([_folder.File("1.jpg"), _folder.File("2.jpg")], Ids(_folder.File("*.jpg")));
        Assert.Equal(["y.jpg", "x.jpg"], Ids(_folder.File("l*.txt")));
    }

    [Theory]
    [InlineData("missing", "there is no such file or folder")]
    [InlineData("*.tar", "no file is called like this")]
    [InlineData("*/x.tar", "only the last part")]
    [InlineData("nowhere/*.tar", "there is no such folder")]
    public void Nothing_is_an_error_at_once(string name, string problem) =>
        Assert.Contains(problem, Assert.Throws<PaliException>(() => WorkSources.Open([_folder.File(name)])).Message);

    [Fact]
    public void Addresses_and_compressed_shards_are_refused_with_the_way_out()
    {
        File.WriteAllText(_folder.File("a.tar.gz"), "");
        Assert.Contains("unpack it first", Assert.Throws<PaliException>(() => WorkSources.Open([_folder.File("a.tar.gz")])).Message);
        Assert.Contains("addresses are not fetched",
            Assert.Throws<PaliException>(() => WorkSources.Open(["https://example.com/a.tar"])).Message);
    }

    private static IEnumerable<string> Ids(params string[] inputs) => WorkSources.Open(inputs).Items().Select(item => item.Id);
}
