using Microsoft.Win32.SafeHandles;

namespace PaliGguf.Conversion.Sources;

/// <summary>The bytes of a file, wherever they come from.</summary>
/// <param name="path">What the file is called in messages.</param>
internal abstract class FileContent(string path) : IDisposable
{
    public string Path { get; } = path;

    public abstract long Length { get; }

    /// <summary>Fills <paramref name="destination"/> from the given place. May be called from several threads at once.</summary>
    public abstract void Read(long offset, Span<byte> destination);

    public abstract void Dispose();
}

/// <summary>A file on the disk.</summary>
internal sealed class DiskContent(SafeFileHandle handle, string path) : FileContent(path)
{
    public override long Length => RandomAccess.GetLength(handle);

    /// <summary>Opens a file.</summary>
    /// <exception cref="ModelFormatException">It is missing, or only stands in the place of one.</exception>
    public static DiskContent Open(string path) => new(CheckpointFile.Open(path), path);

    public override void Read(long offset, Span<byte> destination) => CheckpointFile.ReadAt(handle, offset, destination, Path);

    public override void Dispose() => handle.Dispose();
}
