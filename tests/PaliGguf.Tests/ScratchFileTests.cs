using Microsoft.Win32.SafeHandles;

namespace PaliGguf.Tests;

public sealed class ScratchFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_is_read_and_leaves_nothing()
    {
        using (SafeFileHandle file = ScratchFile.Open(_folder.Path, length: 100))
        {
            RandomAccess.Write(file, [1, 2, 3], 98);
            byte[] read = new byte[3];
            Assert.Equal(3, RandomAccess.Read(file, read, 98));
            Assert.Equal([1, 2, 3], read);

            // Whatever kills the process now: there is nothing to be left.
            if (!OperatingSystem.IsWindows()) Assert.Empty(Directory.GetFiles(_folder.Path));
        }

        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_an_error() => Assert.ThrowsAny<IOException>(() => ScratchFile.Open(_folder.File("missing")));
}
