namespace PaliGguf.Conversion.Sources;

/// <summary>A range of a safetensors file.</summary>
internal sealed class SafetensorsTensor(SafetensorsFile file, string name, ElementType type, IReadOnlyList<long> shape, long start)
    : StoredTensor(name, file.Path, type, shape)
{
    protected override void ReadBytes(long offset, Span<byte> destination) => file.Read(start + offset, destination);
}
