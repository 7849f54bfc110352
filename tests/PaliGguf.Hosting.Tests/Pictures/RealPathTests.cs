using PaliGguf.Hosting.Pictures;
using PaliGguf.Tests;

namespace PaliGguf.Hosting.Tests.Pictures;

public sealed class RealPathTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_links_a_path_stays_as_it_is()
    {
        string root = RealPath.Of(_folder.Path);
        Assert.Equal(Path.Combine(root, "not", "there"), RealPath.Of(Path.Combine(_folder.Path, "not", "there")));
        Assert.Equal(Path.GetPathRoot(root), RealPath.Of(Path.GetPathRoot(root)!));
    }

    [Theory]
    [InlineData("../c", "a/c/file")]
    [InlineData("../../c", "c/file")]
    [InlineData("./x/../y", "a/b/y/file")]
    public void A_relative_link_starts_at_its_own_folder(string target, string expected)
    {
        string root = RealPath.Of(_folder.Path);
        string folder = Directory.CreateDirectory(Path.Combine(root, "a", "b")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(folder, "link"), target);
        Assert.Equal(Path.Combine([root, .. expected.Split('/')]), RealPath.Of(Path.Combine(folder, "link", "file")));
    }

    [Fact]
    public void Above_the_root_there_is_only_the_root()
    {
        string link = _folder.File("up");
        Directory.CreateSymbolicLink(link, string.Concat(Enumerable.Repeat("../", 50)) + "etc");
        Assert.Equal(Path.Combine(Path.GetPathRoot(link)!, "etc"), RealPath.Of(link));
    }

    [Fact]
    public void Links_in_a_circle_are_an_error()
    {
        File.CreateSymbolicLink(_folder.File("a"), "b");
        File.CreateSymbolicLink(_folder.File("b"), "a");
        Assert.Contains("go round in a circle", Assert.Throws<IOException>(() => RealPath.Of(_folder.File("a"))).Message);
    }
}
