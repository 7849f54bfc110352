using PaliGguf.Batch.Sources;
using PaliGguf.Tests;

namespace PaliGguf.Batch.Tests.Sources;

public sealed class FolderSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Pictures_come_in_natural_order_those_of_subfolders_after_those_of_their_folder()
    {
        Touch("b/x.png", "b/c/y.webp", "10.jpg", "9.JPG", "a/z.gif", "notes.txt", ".hidden.jpg", ".git/w.jpg");
        Assert.Equal(["9.JPG", "10.jpg", "a/z.gif", "b/x.png", "b/c/y.webp"], Ids(new FolderSource(_folder.Path, null)));
        Assert.Equal(5, new FolderSource(_folder.Path, null).Count());
    }

    [Theory]
    [InlineData("*.jpg", new[] { "a.jpg", "s/b.jpg" })]
    [InlineData("b.*", new[] { "s/b.jpg", "s/b.png" })]
    [InlineData("s/*.png", new[] { "s/b.png" })]
    public void A_pattern_chooses_files_by_name_or_by_the_path_below_the_folder(string pattern, string[] ids)
    {
        Touch("a.jpg", "s/b.jpg", "s/b.png");
        Assert.Equal(ids, Ids(new FolderSource(_folder.Path, pattern)));
    }

    [Fact]
    public void Links_to_folders_are_not_followed_so_a_circle_has_an_end()
    {
        if (OperatingSystem.IsWindows()) return;
        Touch("a.jpg", "s/b.jpg");
        Directory.CreateSymbolicLink(_folder.File("s/up"), _folder.Path);
        Assert.Equal(["a.jpg", "s/b.jpg"], Ids(new FolderSource(_folder.Path, null)));
    }

    [Fact]
    public void A_folder_that_is_gone_is_an_item_that_fails_and_the_others_are_listed()
    {
        Touch("a/1.jpg", "b/2.jpg");
        List<WorkItem> items = [];
        foreach (WorkItem item in new FolderSource(_folder.Path, null).Items())
        {
            if (items.Count == 0) Directory.Delete(_folder.File("b"), recursive: true);
            items.Add(item);
        }

        Assert.Equal(["a/1.jpg", "b/"], items.Select(item => item.Id));
        Assert.Contains("the folder can not be read", items[1].Problem);
    }

    [Fact]
    public void More_names_than_are_sorted_come_all_the_same_each_once()
    {
        string[] names = [.. Enumerable.Range(0, 25).Select(i => $"{i}.jpg")];
        Touch(names);
        foreach (int mostSorted in (int[])[0, 1, 10, 24, 25])
            Assert.Equal(names.Order(), Ids(new FolderSource(_folder.Path, null, mostSorted: mostSorted)).Order());
    }

    private static IEnumerable<string> Ids(FolderSource source) => source.Items().Select(item => item.Id);

    private void Touch(params string[] files)
    {
        foreach (string file in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(file))!);
            File.WriteAllText(_folder.File(file), "");
        }
    }
}
