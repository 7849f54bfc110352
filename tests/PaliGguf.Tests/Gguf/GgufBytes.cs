using System.Buffers;
using System.Text;

namespace PaliGguf.Tests.Gguf;

/// <summary>Composes the bytes of a GGUF file without any of the writer's checks, so that each part can be wrong.</summary>
internal sealed class GgufBytes
{
    private readonly ArrayBufferWriter<byte> _entries = new();
    private readonly ArrayBufferWriter<byte> _tensors = new();
    private ulong _entryCount;
    private ulong _tensorCount;

    public byte[] Magic { get; set; } = "GGUF"u8.ToArray();

    public uint Version { get; set; } = 3;

    public ulong? EntryCount { get; set; }

    public ulong? TensorCount { get; set; }

    public int Alignment { get; set; } = 32;

    /// <summary>Bytes after the directory and its padding.</summary>
    public int DataBytes { get; set; }

    /// <summary>A key with a value of a type, as raw bytes.</summary>
    public GgufBytes Entry(string key, uint type, params byte[] value) => Entry(Encoding.UTF8.GetBytes(key), type, value);

    public GgufBytes Entry(byte[] key, uint type, byte[] value)
    {
        _entries.Write(Text(key));
        _entries.Write(BitConverter.GetBytes(type));
        _entries.Write(value);
        _entryCount++;
        return this;
    }

    public GgufBytes UInt32(string key, uint value) => Entry(key, 4, BitConverter.GetBytes(value));

    public GgufBytes Array(string key, uint elementType, ulong count, params byte[] elements) =>
        Entry(key, 9, [.. BitConverter.GetBytes(elementType), .. BitConverter.GetBytes(count), .. elements]);

    public GgufBytes Tensor(string name, ulong[] shape, GgmlType type = GgmlType.F32, ulong offset = 0) =>
        Tensor(Encoding.UTF8.GetBytes(name), shape, (uint)type, offset);

    public GgufBytes Tensor(byte[] name, ulong[] shape, uint type, ulong offset)
    {
        _tensors.Write(Text(name));
        _tensors.Write(BitConverter.GetBytes(shape.Length));
        foreach (ulong dimension in shape) _tensors.Write(BitConverter.GetBytes(dimension));
        _tensors.Write(BitConverter.GetBytes(type));
        _tensors.Write(BitConverter.GetBytes(offset));
        _tensorCount++;
        return this;
    }

    public byte[] ToArray()
    {
        using MemoryStream file = new();
        file.Write(Magic);
        file.Write(BitConverter.GetBytes(Version));
        file.Write(BitConverter.GetBytes(TensorCount ?? _tensorCount));
        file.Write(BitConverter.GetBytes(EntryCount ?? _entryCount));
        file.Write(_entries.WrittenSpan);
        file.Write(_tensors.WrittenSpan);
        if (DataBytes > 0)
        {
            while (file.Length % Alignment != 0) file.WriteByte(0);
            for (int i = 0; i < DataBytes; i++) file.WriteByte((byte)i);
        }

        return file.ToArray();
    }

    /// <summary>A string with its length before it.</summary>
    public static byte[] Text(byte[] bytes) => [.. BitConverter.GetBytes((ulong)bytes.Length), .. bytes];
}
