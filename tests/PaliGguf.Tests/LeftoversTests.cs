namespace PaliGguf.Tests;

public sealed class LeftoversTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_nobody_writes_any_more_is_removed()
    {
        _folder.Write(".paligguf-a.partial", [1, 2, 3]);
        Directory.CreateDirectory(_folder.File(".paligguf-b.partial"));
        _folder.Write(".paligguf-b.partial/lock", []);
        _folder.Write(".paligguf-b.partial/b.gguf", [1, 2, 3]);
        Directory.CreateDirectory(_folder.File(".paligguf-c.partial"));

        Leftovers.Clear(_folder.Path);

        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void What_is_being_written_stays()
    {
        Directory.CreateDirectory(_folder.File(".paligguf-b.partial"));
        string file = _folder.File(".paligguf-a.partial");
        string inFolder = _folder.File(".paligguf-b.partial/b.gguf");
        using FileStream open = Leftovers.Lock(file, FileMode.CreateNew);
        using FileStream locked = Leftovers.Lock(_folder.File(".paligguf-b.partial/lock"), FileMode.OpenOrCreate);
        File.WriteAllBytes(inFolder, [1, 2, 3]);

        Leftovers.Clear(_folder.Path);

        Assert.True(File.Exists(file));
        Assert.True(File.Exists(inFolder));
    }

    [Fact]
    public void What_others_have_made_stays()
    {
        string[] files = ["a.partial", ".a.partial", ".paligguf-a", "paligguf-a.partial", "model.gguf"];
        foreach (string file in files) _folder.Write(file, [1]);
        Directory.CreateDirectory(_folder.File(".paligguf-b.partial"));
        _folder.Write(".paligguf-b.partial/theirs", [1]);

        Leftovers.Clear(_folder.Path);

        Assert.All([.. files, ".paligguf-b.partial/theirs"], file => Assert.True(File.Exists(_folder.File(file))));
    }

    [Fact]
    public void A_link_is_not_followed()
    {
        Directory.CreateDirectory(_folder.File("kept"));
        _folder.Write("kept/lock", []);
        _folder.Write("kept/file", [1]);
        Directory.CreateSymbolicLink(_folder.File(".paligguf-a.partial"), _folder.File("kept"));

        Leftovers.Clear(_folder.Path);

        Assert.True(File.Exists(_folder.File("kept/file")));
    }
}
