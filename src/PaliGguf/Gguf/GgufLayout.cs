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
    private readonly long _length;

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

        _length = next;
    }

    public void Write(string path, IProgress<long>? bytesWritten, CancellationToken cancellationToken)
    {
        using PendingFile file = new(path, _length, bytesWritten, cancellationToken);
        WriteDirectory(file);
        for (int i = 0; i < _offsets.Length; i++)
        {
            file.PadTo(_offsets[i]);
            GgufPlannedTensor tensor = _tensors[i];
            using GgufTensorStream stream = new(file, tensor.Name, tensor.ByteLength);
            tensor.Write(stream, cancellationToken);
            stream.RequireAll();
        }

        file.PadTo(_length);
        file.Commit();
    }

    private void WriteDirectory(PendingFile file)
    {
        WriteUInt32(file, GgufHeader.Magic);
        WriteUInt32(file, GgufHeader.CurrentVersion);
        WriteInt64(file, _tensors.Count);
        WriteInt64(file, _entries.Count);
        foreach (GgufEncodedEntry entry in _entries)
        {
            WriteInt64(file, entry.Key.Length);
            file.Write(entry.Key);
            file.Write(entry.Value);
        }

        for (int i = 0; i < _offsets.Length; i++) WriteDeclaration(file, _tensors[i], _offsets[i] - _dataStart);
        file.PadTo(_dataStart);
    }

    private static void WriteDeclaration(PendingFile file, GgufPlannedTensor tensor, long offset)
    {
        WriteInt64(file, tensor.NameBytes.Length);
        file.Write(tensor.NameBytes);
        WriteUInt32(file, (uint)tensor.Shape.Length);
        foreach (long dimension in tensor.Shape) WriteInt64(file, dimension);
        WriteUInt32(file, (uint)tensor.Type);
        WriteInt64(file, offset);
    }

    private static long DirectoryBytes(GgufPlannedTensor tensor) => 8 + tensor.NameBytes.Length + 4 + (8 * tensor.Shape.Length) + 4 + 8;

    private static void WriteUInt32(PendingFile file, uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        file.Write(bytes);
    }

    private static void WriteInt64(PendingFile file, long value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        file.Write(bytes);
    }
}
