using System.Buffers;
using Microsoft.Win32.SafeHandles;
using PaliGguf.Gguf;
using PaliGguf.Interop;

namespace PaliGguf.Conversion.Sources;

/// <summary>
/// A tensor of a GGUF file. It is read from the file and not from a mapping of it, so that what has been read does not count as the process's memory.
/// </summary>
internal sealed class GgufSourceTensor(SafeFileHandle handle, string path, GgufTensor tensor)
    : SourceTensor(tensor.Name, path, ElementType.F32, [.. tensor.Shape.Reverse()])
{
    private const int BufferBytes = 256 * 1024;

    public GgufTensor Stored => tensor;

    /// <param name="first">The first element of a block.</param>
    /// <param name="destination">Whole blocks.</param>
    public override void Read(long first, Span<float> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, Count - destination.Length);
        int blockLength = tensor.Type.BlockSize;
        int blockBytes = tensor.Type.TypeSize;
        if (first % blockLength != 0 || destination.Length % blockLength != 0) throw new ArgumentException($"{tensor.Type} is read in blocks of {blockLength}.", nameof(destination));
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            int step = BufferBytes / blockBytes * blockLength;
            for (int start = 0; start < destination.Length; start += step)
            {
                Span<float> part = destination.Slice(start, Math.Min(step, destination.Length - start));
                Span<byte> stored = buffer.AsSpan(0, part.Length / blockLength * blockBytes);
                ReadStored((first + start) / blockLength * blockBytes, stored);
                GgmlRows.Dequantize(tensor.Type, stored, part);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads bytes as they are stored.</summary>
    public void ReadStored(long offset, Span<byte> destination) => CheckpointFile.ReadAt(handle, tensor.Offset + offset, destination, Path);
}
