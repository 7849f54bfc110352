using Microsoft.Win32.SafeHandles;
using PaliGguf.Gguf;

namespace PaliGguf.Conversion.Output;

/// <summary>A GGUF file whose tensors are written in any order, and by several runs.</summary>
internal sealed class PlacedGguf : IDisposable
{
    private readonly GgufLayout _layout;
    private readonly SafeFileHandle _file;

    private PlacedGguf(GgufLayout layout, SafeFileHandle file) => (_layout, _file) = (layout, file);

    /// <summary>Whether a file may be one that another run has begun.</summary>
    public static bool IsBegun(string path, GgufLayout layout) => new FileInfo(path) is { Exists: true } file
        && file.Length == layout.Length;

    /// <summary>Begins a file, without its tensors.</summary>
    /// <exception cref="IOException">The disk does not take it.</exception>
    public static PlacedGguf Begin(string path, GgufLayout layout)
    {
        PlacedGguf placed =
            new(layout, File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, FileOptions.None, layout.Length));
        RandomAccess.SetLength(placed._file, layout.Length);
        long position = 0;
        layout.WriteDirectory(bytes =>
        {
            RandomAccess.Write(placed._file, bytes, position);
            position += bytes.Length;
        });
        return placed;
    }

    /// <summary>Goes on with a file.</summary>
    public static PlacedGguf GoOn(string path, GgufLayout layout) =>
        new(layout, File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None));

    /// <summary>Writes a tensor at its place.</summary>
    public void WriteTensor(int index, CancellationToken cancellationToken) =>
        _layout.WriteTensor(index, (position, bytes) => RandomAccess.Write(_file, bytes, position), cancellationToken);

    /// <summary>Waits until all that was written is on the disk.</summary>
    public void Flush() => RandomAccess.FlushToDisk(_file);

    public void Dispose() => _file.Dispose();
}
