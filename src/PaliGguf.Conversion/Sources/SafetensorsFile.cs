using System.Buffers.Binary;

namespace PaliGguf.Conversion.Sources;

/// <summary>A safetensors file: its header is read and checked when it is opened, its tensors are read in pieces.</summary>
/// <param name="content">Its bytes, which it owns.</param>
internal sealed class SafetensorsFile(FileContent content) : IDisposable
{
    private const int LongestHeader = 100_000_000;

    public string Path => content.Path;

    /// <summary>Its bytes.</summary>
    public FileContent Content => content;

    /// <summary>Its tensors, in the order of their data.</summary>
    public IReadOnlyList<SafetensorsTensor> Tensors { get; private set; } = [];

    /// <summary>Opens a file and checks its header.</summary>
    /// <exception cref="ModelFormatException">The file does not exist or is not a sound safetensors file.</exception>
    public static SafetensorsFile Open(string path) => Open(DiskContent.Open(path));

    /// <inheritdoc cref="Open(string)"/>
    public static SafetensorsFile Open(FileContent content)
    {
        SafetensorsFile file = new(content);
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
    public void Read(long offset, Span<byte> destination) => content.Read(offset, destination);

    public void Dispose() => content.Dispose();

    private void ReadHeader()
    {
        long length = content.Length;
        if (length < 8) throw new ModelFormatException(Path, $"{length} bytes are too few for a safetensors file");
        Span<byte> prefix = stackalloc byte[8];
        Read(0, prefix);
        ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (headerLength > (ulong)(length - 8))
        {
            throw new ModelFormatException(Path,
                $"a safetensors header of {headerLength} bytes does not fit a file of {length}: truncated, or another kind of file");
        }

        if (headerLength > LongestHeader)
        {
            throw new ModelFormatException(Path,
                $"the safetensors header has {headerLength} bytes, more than the {LongestHeader} that are allowed");
        }

        byte[] json = new byte[headerLength];
        Read(8, json);
        long data = 8 + json.Length;
        Tensors = SafetensorsHeader.Parse(json, length - data, Path)
            .Select(entry => new SafetensorsTensor(this, entry.Name, entry.Type, entry.Shape, data + entry.Begin))
            .ToArray();
    }
}
