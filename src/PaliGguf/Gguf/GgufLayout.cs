using System.Buffers.Binary;

namespace PaliGguf.Gguf;

/// <summary>Where everything lies in a file that is to be written, and the writing itself.</summary>
internal sealed class GgufLayout
{
    private const int HeaderBytes = 4 + 4 + 8 + 8;

    private readonly uint _alignment;
    private readonly IReadOnlyList<GgufEncodedEntry> _entries;
    private readonly IReadOnlyList<GgufPlannedTensor> _tensors;
    private readonly long[] _offsets;
    private readonly long _dataStart;

    public GgufLayout(uint alignment, IReadOnlyList<GgufEncodedEntry> entries, IReadOnlyList<GgufPlannedTensor> tensors)
    {
        _alignment = alignment;
        _entries = entries;
        _tensors = tensors;
        long directory = HeaderBytes + entries.Sum(entry => 8L + entry.Key.Length + entry.Value.Length) + tensors.Sum(DirectoryBytes);
        _dataStart = GgufLimits.Align(directory, alignment);
        _offsets = new long[tensors.Count];
        long next = _dataStart;
        for (int i = 0; i < _offsets.Length; i++)
        {
            _offsets[i] = next;
            next = GgufLimits.Align(checked(next + tensors[i].ByteLength), alignment);
        }

        Length = next;
    }

    /// <summary>The bytes of the whole file.</summary>
    public long Length { get; }

    public void Write(string path, IProgress<long>? bytesWritten, CancellationToken cancellationToken)
    {
        using PendingFile file = new(path, Length, bytesWritten, cancellationToken);
        WriteDirectory(file.Write);
        for (int i = 0; i < _offsets.Length; i++)
        {
            file.PadTo(_offsets[i]);
            WriteTensor(i, (_, bytes) => file.Write(bytes), cancellationToken);
        }

        file.PadTo(Length);
        file.Commit();
    }

    /// <summary>Writes one of the tensors.</summary>
    /// <param name="index">Which of them.</param>
    /// <param name="write">Takes its bytes, each time with their place in the file.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public void WriteTensor(int index, Action<long, ReadOnlySpan<byte>> write, CancellationToken cancellationToken)
    {
        GgufPlannedTensor tensor = _tensors[index];
        long position = _offsets[index];
        using GgufTensorStream stream = new(
            bytes =>
            {
                write(position, bytes);
                position += bytes.Length;
            },
            tensor.Name, tensor.ByteLength);
        tensor.Write(stream, cancellationToken);
        stream.RequireAll();
    }

    /// <summary>Writes all that stands before the tensors.</summary>
    public void WriteDirectory(Action<ReadOnlySpan<byte>> write)
    {
        WriteUInt32(write, GgufHeader.Magic);
        WriteUInt32(write, GgufHeader.CurrentVersion);
        WriteInt64(write, _tensors.Count);
        WriteInt64(write, _entries.Count);
        foreach (GgufEncodedEntry entry in _entries)
        {
            WriteInt64(write, entry.Key.Length);
            write(entry.Key);
            write(entry.Value);
        }

        for (int i = 0; i < _offsets.Length; i++) WriteDeclaration(write, _tensors[i], _offsets[i] - _dataStart);
    }

    private static void WriteDeclaration(Action<ReadOnlySpan<byte>> write, GgufPlannedTensor tensor, long offset)
    {
        WriteInt64(write, tensor.NameBytes.Length);
        write(tensor.NameBytes);
        WriteUInt32(write, (uint)tensor.Shape.Length);
        foreach (long dimension in tensor.Shape) WriteInt64(write, dimension);
        WriteUInt32(write, (uint)tensor.Type);
        WriteInt64(write, offset);
    }

    private static long DirectoryBytes(GgufPlannedTensor tensor) => 8 + tensor.NameBytes.Length + 4 + (8 * tensor.Shape.Length) + 4 + 8;

    private static void WriteUInt32(Action<ReadOnlySpan<byte>> write, uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        write(bytes);
    }

    private static void WriteInt64(Action<ReadOnlySpan<byte>> write, long value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        write(bytes);
    }
}
