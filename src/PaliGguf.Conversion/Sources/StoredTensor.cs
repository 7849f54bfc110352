using System.Buffers;
using System.Runtime.InteropServices;

namespace PaliGguf.Conversion.Sources;

/// <summary>A tensor whose elements lie in a file one after the other, in row-major order.</summary>
internal abstract class StoredTensor(string name, string path, ElementType type, IReadOnlyList<long> shape)
    : SourceTensor(name, path, type, shape)
{
    private const int BufferBytes = 256 * 1024;

    /// <summary>How the elements lie in the file.</summary>
    protected virtual ElementType StoredType => Type;

    public override void Read(long first, Span<float> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, Count - destination.Length);
        int size = StoredType.Size();
        if (StoredType == ElementType.F32)
        {
            ReadBytes(first * size, MemoryMarshal.AsBytes(destination));
            return;
        }

        byte[] buffer = ArrayPool<byte>.Shared.Rent(Math.Min(BufferBytes, destination.Length * size));
        try
        {
            int step = buffer.Length / size;
            for (int start = 0; start < destination.Length; start += step)
            {
                Span<float> part = destination.Slice(start, Math.Min(step, destination.Length - start));
                Span<byte> raw = buffer.AsSpan(0, part.Length * size);
                ReadBytes((first + start) * size, raw);
                ElementReader.ToFloats(StoredType, raw, part);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Fills <paramref name="destination"/> from the given byte of the elements.</summary>
    protected abstract void ReadBytes(long offset, Span<byte> destination);
}
