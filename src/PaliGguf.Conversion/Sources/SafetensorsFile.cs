using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace PaliGguf.Conversion.Sources;

/// <summary>A safetensors file: its header is read and checked when it is opened, its tensors are read in pieces.</summary>
internal sealed class SafetensorsFile : IDisposable
{
    private const int LongestHeader = 100_000_000;
    private readonly SafeFileHandle _handle;

    private SafetensorsFile(SafeFileHandle handle, string path)
    {
        _handle = handle;
        Path = path;
        Tensors = [];
    }

    public string Path { get; }

    public IReadOnlyList<SafetensorsTensor> Tensors { get; private set; }

    /// <summary>Opens a file and checks its header.</summary>
    /// <exception cref="ModelFormatException">The file does not exist or is not a sound safetensors file.</exception>
    public static SafetensorsFile Open(string path)
    {
        SafetensorsFile file = new(CheckpointFile.Open(path), path);
        try
        {
            file.ReadHeader();
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Fills <paramref name="destination"/> from the given place of the file.</summary>
    public void Read(long offset, Span<byte> destination) => CheckpointFile.ReadAt(_handle, offset, destination, Path);

    public void Dispose() => _handle.Dispose();

    private void ReadHeader()
    {
        long length = RandomAccess.GetLength(_handle);
        if (length < 8) throw new ModelFormatException(Path, $"{length} bytes are too few for a safetensors file");
        Span<byte> prefix = stackalloc byte[8];
        Read(0, prefix);
        ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerLength > (ulong)(length - 8))
        {
            throw new ModelFormatException(Path, $"a safetensors header of {headerLength} bytes does not fit a file of {length}: truncated, or another kind of file");
        }

        if (headerLength > LongestHeader)
        {
            throw new ModelFormatException(Path, $"the safetensors header has {headerLength} bytes, more than the {LongestHeader} that are allowed");
        }

        byte[] json = new byte[headerLength];
        Read(8, json);
        long data = 8 + json.Length;
        Tensors = SafetensorsHeader.Parse(json, length - data, Path)
            .Select(entry => new SafetensorsTensor(this, entry.Name, entry.Type, entry.Shape, data + entry.Begin))
            .ToArray();
    }
}
