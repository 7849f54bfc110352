namespace PaliGguf.Conversion.Sources;

/// <summary>A range of a safetensors file.</summary>
internal sealed class SafetensorsTensor(SafetensorsFile file, string name, ElementType type, IReadOnlyList<long> shape, long start)
    : StoredTensor(name, file.Path, type, shape)
{
    /// <summary>Its first byte in the file.</summary>
    public long Start => start;

    /// <summary>The first byte after it.</summary>
    public long End => start + (Count * StoredType.Size());

    /// <summary>The file that it is in.</summary>
    public SafetensorsFile File => file;

    protected override void ReadBytes(long offset, Span<byte> destination) => file.Read(start + offset, destination);
}
