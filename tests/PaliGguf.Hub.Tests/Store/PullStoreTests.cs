using PaliGguf.Hub.Repositories;
using PaliGguf.Hub.Store;
using PaliGguf.Tests;
using PaliGguf.Tests.Hub;

namespace PaliGguf.Hub.Tests.Store;

public sealed class PullStoreTests : IDisposable
{
    private readonly TemporaryFolder _home = new();
    private readonly PullStore _store;

    public PullStoreTests() => _store = new PullStore(_home.Path);

    public void Dispose() => _home.Dispose();

    [Fact]
    public void What_was_pulled_is_listed_with_its_files()
    {
        string folder = Put("google/tiny", "Q8_0", "tiny-Q8_0.gguf", "mmproj-tiny-Q8_0.gguf");

        PulledItem item = Assert.Single(_store.List());

        Assert.Equal(("google/tiny", HubRepository.FirstCommit, "Q8_0", folder), (item.Name, item.Commit, item.Variant, item.Folder));
        Assert.Equal(Path.Combine(folder, "tiny-Q8_0.gguf"), item.TextPath);
        Assert.Equal(Path.Combine(folder, "mmproj-tiny-Q8_0.gguf"), item.VisionPath);
        Assert.Equal("main", item.Manifest!.Revision);
    }

    [Fact]
    public void What_lacks_a_file_or_has_another_one_in_its_place_is_unfinished()
    {
        string folder = Put("google/tiny", "Q8_0", "tiny-Q8_0.gguf", "mmproj-tiny-Q8_0.gguf");
        File.WriteAllText(Path.Combine(folder, "tiny-Q8_0.gguf"), "longer than before");

        PulledItem item = Assert.Single(_store.List());

        Assert.False(item.IsComplete);
        Assert.Null(item.TextPath);
        Assert.True(item.Bytes > 18);
    }

    [Theory]
    [InlineData("google/tiny", 2)]
    [InlineData("tiny", 2)]
    [InlineData("Google/TINY:q8_0", 1)]
    [InlineData("tiny:f16", 1)]
    [InlineData("tiny:q4_0", 0)]
    [InlineData("google", 0)]
    [InlineData("google/other", 0)]
    [InlineData("tiny:f16:x", 0)]
    public void A_name_may_lack_its_owner_and_have_a_type(string text, int found)
    {
        Put("google/tiny", "Q8_0", "tiny-Q8_0.gguf");
        Put("google/tiny", "F16", "tiny-F16.gguf");
        Put("somebody/else", "F16", "else-F16.gguf");

        Assert.Equal(found, _store.Find(text).Count);
    }

    [Fact]
    public void Removing_leaves_nothing_of_it_and_all_of_the_others()
    {
        Put("google/tiny", "Q8_0", "tiny-Q8_0.gguf");
        Put("google/tiny", "F16", "tiny-F16.gguf");

        _store.Remove(_store.Find("tiny:q8_0").Single());
        Assert.Equal("F16", Assert.Single(_store.List()).Variant);

        _store.Remove(_store.Find("tiny").Single());
        Assert.Empty(Directory.EnumerateFileSystemEntries(_home.Path));
    }

    [Fact]
    public void What_another_program_is_pulling_is_not_removed_nor_pulled_twice()
    {
        string folder = Put("google/tiny", "Q8_0", "tiny-Q8_0.gguf");
        using IDisposable pulling = PullLock.Take(folder, "google/tiny");

        HubException refused = Assert.Throws<HubException>(() => _store.Remove(_store.List().Single()));

        Assert.Contains("another program is pulling it", refused.Message, StringComparison.Ordinal);
        Assert.Throws<HubException>(() => PullLock.Take(folder, "google/tiny"));
        Assert.True(_store.List().Single().IsComplete);
    }

    private string Put(string name, string variant, params string[] files)
    {
        string folder = _store.FolderOf(RepositoryName.Parse(name, RepositoryKind.Model), HubRepository.FirstCommit, variant);
        Directory.CreateDirectory(folder);
        foreach (string file in files) File.WriteAllText(Path.Combine(folder, file), file);
        ManifestFile.Write(folder, new PullManifest(
            PulledKind.Pair, "main", "https://huggingface.co/", DateTimeOffset.UnixEpoch,
                [.. files.Select(file => new PulledFile(file, file.Length, Sha256: null))]));
        return folder;
    }
}
