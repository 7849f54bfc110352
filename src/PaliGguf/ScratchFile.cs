using Microsoft.Win32.SafeHandles;

namespace PaliGguf;

/// <summary>A file for what is not to stay: the system removes it when it is closed, or when its process ends, however it ends.</summary>
internal static class ScratchFile
{
    /// <summary>Makes one, open for reading and writing.</summary>
    /// <param name="folder">Where it lies.</param>
    /// <param name="length">The bytes that the disk is asked to keep room for.</param>
    /// <exception cref="IOException">The disk or the folder does not take it.</exception>
    /// <exception cref="UnauthorizedAccessException">There is no permission to write in the folder.</exception>
    public static SafeFileHandle Open(string folder, long length = 0)
    {
        string path = Path.Combine(folder, Leftovers.Name(Path.GetRandomFileName()));
        if (OperatingSystem.IsWindows()) return Create(FileOptions.DeleteOnClose);
        SafeFileHandle file = Create(FileOptions.None);
        try
        {
            // Elsewhere what is open needs no name.
            File.Delete(path);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }

        SafeFileHandle Create(FileOptions options) => File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, options, length);
    }
}
