using System.IO.Compression;

namespace PaliGguf.Conversion.Sources;

/// <summary>
/// An .npz file: a zip archive of .npy files, one for each array. Nothing is unpacked to the disk, so the names of the entries are only names. For files
/// of moderate size, whose arrays fit into memory.
/// </summary>
internal sealed class NpzFile : IDisposable
{
    private const long LongestFile = 1L << 28;
    private const long LargestArray = 1L << 28;
    private const int MostArrays = 4096;
    private readonly ZipArchive _archive;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);

    private NpzFile(string path, ZipArchive archive)
    {
        Path = path;
        _archive = archive;
    }

    public string Path { get; }

    /// <summary>The names of the arrays.</summary>
    public IReadOnlyCollection<string> Names => _entries.Keys;

    /// <summary>Opens a file and reads the list of its arrays.</summary>
    /// <exception cref="ModelFormatException">It is no such file, or larger than is read.</exception>
    public static NpzFile Open(string path)
    {
        FileStream stream = new(CheckpointFile.Open(path), FileAccess.Read);
        try
        {
            if (stream.Length > LongestFile) throw new ModelFormatException(path, $"the file has {stream.Length} bytes, expected at most {LongestFile} for an .npz file");
            NpzFile file = new(path, new ZipArchive(stream, ZipArchiveMode.Read));
            file.ListArrays();
            return file;
        }
        catch (InvalidDataException e)
        {
            stream.Dispose();
            throw new ModelFormatException(path, "the file is not an .npz archive: " + OneLine.Show(e.Message), e);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Reads an array.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <exception cref="ModelFormatException">The array is malformed, or of elements that are not read.</exception>
    public NpzArray Read(string name)
    {
        try
        {
            using Stream stream = _entries[name].Open();
            NpyHeader header = NpyHeader.Read(stream);
            if (header.FortranOrder && header.Shape.Count > 1) throw new FormatException("its elements are in Fortran's order, expected C's");
            int size = header.Type switch
            {
                "<f2" => 2,
                "<f4" => 4,
                "<f8" => 8,
                _ => throw new FormatException($"its elements are {OneLine.Show(header.Type)}, expected <f2, <f4 or <f8"),
            };
            byte[] content = new byte[ByteCount(header.Shape, size, _entries[name].Length)];
            stream.ReadExactly(content);
            if (stream.ReadByte() >= 0) throw new FormatException("there are more bytes than its shape says");
            return new NpzArray(name, Path, header.Shape, Elements(content, size));
        }
        catch (EndOfStreamException e)
        {
            throw new ModelFormatException(Path, $"the array {OneLine.Show(name)} ends early", e);
        }
        catch (Exception e) when (e is FormatException or InvalidDataException or NotSupportedException)
        {
            throw new ModelFormatException(Path, $"the array {OneLine.Show(name)} can not be read: {OneLine.Show(e.Message)}", e);
        }
    }

    public void Dispose() => _archive.Dispose();

    private void ListArrays()
    {
        if (_archive.Entries.Count > MostArrays) throw new ModelFormatException(Path, $"the archive has {_archive.Entries.Count} entries, expected at most {MostArrays}");
        foreach (ZipArchiveEntry entry in _archive.Entries.Where(entry => entry.FullName.EndsWith(".npy", StringComparison.Ordinal)))
        {
            string name = entry.FullName[..^4];
            if (!_entries.TryAdd(name, entry)) throw new ModelFormatException(Path, $"the array {OneLine.Show(name)} is there twice");
        }
    }

    // The size that the archive declares is only a claim, but one that must agree with the shape, and the memory is limited before anything is unpacked.
    private static int ByteCount(IReadOnlyList<long> shape, int elementSize, long declared)
    {
        long bytes = elementSize;
        foreach (long size in shape)
        {
            if (size < 1) throw new FormatException($"its shape is {OneLine.Show(shape)}");
            if (size > LargestArray / bytes) throw new FormatException($"its shape {OneLine.Show(shape)} is more than {LargestArray} bytes");
            bytes *= size;
        }

        return bytes < declared ? (int)bytes : throw new FormatException($"its shape {OneLine.Show(shape)} needs {bytes} bytes, and the archive has {declared} for it");
    }

    private static float[] Elements(byte[] content, int size)
    {
        float[] elements = new float[content.Length / size];
        switch (size)
        {
            case 2:
                ElementReader.ToFloats(ElementType.F16, content, elements);
                break;
            case 4:
                ElementReader.ToFloats(ElementType.F32, content, elements);
                break;
            default:
                ReadOnlySpan<double> doubles = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, double>(content);
                System.Numerics.Tensors.TensorPrimitives.ConvertTruncating<double, float>(doubles, elements);
                break;
        }

        return elements;
    }
}

/// <summary>An array of an .npz file, in memory, as floats.</summary>
internal sealed class NpzArray(string name, string path, IReadOnlyList<long> shape, float[] elements) : SourceTensor(name, path, ElementType.F32, shape)
{
    public override void Read(long first, Span<float> destination) => elements.AsSpan((int)first, destination.Length).CopyTo(destination);
}
