using Microsoft.Win32.SafeHandles;

namespace PaliGguf.Gguf;

/// <summary>What tells a file that has been written to from one that has not.</summary>
/// <param name="Length">Its bytes.</param>
/// <param name="Written">When it was written to, in UTC.</param>
internal readonly record struct FileStamp(long Length, DateTime Written)
{
    /// <summary>Asks the system, which takes a microsecond.</summary>
    public static FileStamp Of(SafeFileHandle file) => new(RandomAccess.GetLength(file), File.GetLastWriteTimeUtc(file));

    /// <summary>Refuses a file that is not as it was.</summary>
    /// <param name="path">What to call it.</param>
    /// <param name="now">What it is now.</param>
    /// <exception cref="ModelChangedException">It is another than this.</exception>
    public void Require(string path, FileStamp now)
    {
        if (now == this) return;
        throw new ModelChangedException(path, Length == now.Length
            ? $"the file was written to at {now.Written:u}, while the model was in use: load the model again."
            : $"the file had {Length} bytes when the model was loaded, and has {now.Length} now: load the model again.");
    }
}
