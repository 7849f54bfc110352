using System.Buffers;

namespace PaliGguf.Conversion.Sources;

/// <summary>A range of a safetensors file.</summary>
internal sealed class SafetensorsTensor(SafetensorsFile file, string name, ElementType type, IReadOnlyList<long> shape, long offset)
    : SourceTensor(name, file.Path, type, shape)
{
    private const int BufferBytes = 256 * 1024;

    public override void Read(long first, Span<float> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, Count - destination.Length);
        int size = Type.Size();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            int step = BufferBytes / size;
            for (int start = 0; start < destination.Length; start += step)
            {
                Span<float> part = destination.Slice(start, Math.Min(step, destination.Length - start));
                Span<byte> raw = buffer.AsSpan(0, part.Length * size);
                file.Read(offset + ((first + start) * size), raw);
                ElementReader.ToFloats(Type, raw, part);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
