using PaliGguf.Conversion.Output;
using PaliGguf.Tests;

namespace PaliGguf.Conversion.Tests.Output;

public sealed class OutputFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Folders_that_were_created_are_removed_unless_kept()
    {
        string path = _folder.File("a/b");
        using (OutputFolder.Open(path)) Assert.True(Directory.Exists(path));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));

        using (OutputFolder folder = OutputFolder.Open(path)) folder.Keep();
        Assert.Empty(Directory.EnumerateFileSystemEntries(path));
    }

    [Fact]
    public void A_folder_that_was_there_stays()
    {
        using (OutputFolder.Open(_folder.Path)) Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
        Assert.True(Directory.Exists(_folder.Path));
    }

    [Fact]
    public void A_place_that_can_not_be_written_to_is_an_error()
    {
        _folder.Write("file", []);
        OneLineError.Check(Assert.Throws<ConversionException>(() => OutputFolder.Open(_folder.File("file/out"))), _folder.File("file/out"), "can not be written");
    }

    [Fact]
    public void Too_small_a_disk_is_told_in_numbers()
    {
        using OutputFolder folder = OutputFolder.Open(_folder.Path);
        folder.RequireSpace(1000, available: 1000);
        folder.RequireSpace(1);
        OneLineError.Check(Assert.Throws<ConversionException>(() => folder.RequireSpace(5_000_000_000, 123_456)), _folder.Path, "5,000,000,000", "123,456");
        Assert.Throws<ConversionException>(() => folder.RequireSpace(long.MaxValue));
    }
}
