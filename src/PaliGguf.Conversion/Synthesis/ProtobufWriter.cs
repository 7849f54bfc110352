using System.Buffers;
using System.Buffers.Binary;

namespace PaliGguf.Conversion.Synthesis;

/// <summary>Writes the fields of a protocol buffer message.</summary>
internal sealed class ProtobufWriter
{
    private readonly ArrayBufferWriter<byte> _content = new();

    public ReadOnlySpan<byte> Content => _content.WrittenSpan;

    public void Write(int field, int value)
    {
        Tag(field, wire: 0);
        Varint((ulong)value);
    }

    public void Write(int field, float value)
    {
        Tag(field, wire: 5);
        BinaryPrimitives.WriteSingleLittleEndian(_content.GetSpan(sizeof(float)), value);
        _content.Advance(sizeof(float));
    }

    public void Write(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, wire: 2);
        Varint((ulong)value.Length);
        _content.Write(value);
    }

    private void Tag(int field, int wire) => Varint((ulong)((field << 3) | wire));

    private void Varint(ulong value)
    {
        Span<byte> bytes = stackalloc byte[10];
        int length = 0;
        for (; value >= 0x80; value >>= 7) bytes[length++] = (byte)(value | 0x80);
        bytes[length++] = (byte)value;
        _content.Write(bytes[..length]);
    }
}
