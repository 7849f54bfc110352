using System.Buffers.Binary;

namespace PaliGguf.Conversion.Tokenizers;

internal enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}

/// <summary>Reads the fields of one protocol-buffers message; malformed input is a <see cref="ModelFormatException"/>.</summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> message, string path)
{
    private const int LongestVarint = 10;
    private ReadOnlySpan<byte> _rest = message;
    private WireType _wire;

    /// <summary>Moves to the next field, whose value must then be read or skipped; false at the end of the message.</summary>
    public bool Next(out int field)
    {
        field = 0;
        if (_rest.IsEmpty) return false;
        ulong tag = ReadRawVarint();
        _wire = (WireType)(tag & 7);
        if (tag > uint.MaxValue || tag >> 3 == 0 || !Enum.IsDefined(_wire)) throw Malformed();
        field = (int)(tag >> 3);
        return true;
    }

    public ulong ReadVarint()
    {
        Require(WireType.Varint);
        return ReadRawVarint();
    }

    public bool ReadFlag() => ReadVarint() != 0;

    /// <summary>An int32 or enum; negative numbers are stored as 64 bits.</summary>
    public int ReadInt32() => unchecked((int)ReadVarint());

    public float ReadFloat()
    {
        Require(WireType.Fixed32);
        return BinaryPrimitives.ReadSingleLittleEndian(Take(4));
    }

    public ReadOnlySpan<byte> ReadBytes()
    {
        Require(WireType.Bytes);
        return TakePrefixed();
    }

    public void Skip()
    {
        switch (_wire)
        {
            case WireType.Varint:
                ReadRawVarint();
                break;
            case WireType.Fixed64:
                Take(8);
                break;
            case WireType.Fixed32:
                Take(4);
                break;
            default:
                TakePrefixed();
                break;
        }
    }

    private readonly void Require(WireType wire)
    {
        if (_wire != wire) throw Malformed();
    }

    private ReadOnlySpan<byte> TakePrefixed()
    {
        ulong length = ReadRawVarint();
        if (length > (ulong)_rest.Length) throw Malformed();
        return Take((int)length);
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _rest.Length) throw Malformed();
        ReadOnlySpan<byte> taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }

    private ulong ReadRawVarint()
    {
        ulong value = 0;
        for (int i = 0; i < LongestVarint && i < _rest.Length; i++)
        {
            byte next = _rest[i];
            if (i == LongestVarint - 1 && next > 1) break;
            value |= (ulong)(next & 0x7F) << (7 * i);
            if (next >= 0x80) continue;
            _rest = _rest[(i + 1)..];
            return value;
        }

        throw Malformed();
    }

    private readonly ModelFormatException Malformed() => new(path, "the file is not a sound SentencePiece model (malformed or truncated protocol buffer)");
}
