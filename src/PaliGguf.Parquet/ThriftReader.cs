namespace PaliGguf.Parquet;

/// <summary>Reads structs of Thrift's compact protocol, in which the headers of Parquet files are written.</summary>
/// <remarks>
/// "Thrift Compact protocol encoding" of Apache Thrift: a field is a byte with the distance of its number and its type, then its value;
/// whole numbers are of 7 bits a byte, the lowest first, with their sign in the lowest bit.
/// </remarks>
/// <param name="stream">What is read, from where it stands on.</param>
internal sealed class ThriftReader(Stream stream)
{
    public const int Struct = 12, List = 9;

    private const int True = 1, False = 2, Byte = 3, Int16 = 4, Int32 = 5, Int64 = 6, Double = 7, Binary = 8, Set = 10, Map = 11, Uuid = 13;
    private const int DeepestNesting = 64;

    private int _depth;

    /// <summary>Reads the fields of a struct.</summary>
    /// <param name="read">Reads the value of a field by its number and type; false where it is to be passed over.</param>
    /// <exception cref="InvalidDataException">It is malformed.</exception>
    /// <exception cref="EndOfStreamException">It is cut off.</exception>
    public void ReadStruct(Func<int, int, bool> read)
    {
        if (++_depth > DeepestNesting) throw new InvalidDataException("its headers are nested too deeply");
        int field = 0;
        while (ReadByte() is not 0 and var head)
        {
            int type = head & 0xF;
            field = head >> 4 == 0 ? checked((int)ReadInteger()) : field + (head >> 4);
            if (!read(field, type)) Skip(type);
        }

        _depth--;
    }

    /// <summary>Reads a list.</summary>
    /// <param name="read">Reads an element by its type; false where it is to be passed over.</param>
    /// <inheritdoc cref="ReadStruct"/>
    public void ReadList(Func<int, bool> read)
    {
        if (++_depth > DeepestNesting) throw new InvalidDataException("its headers are nested too deeply");
        int head = ReadByte();
        ulong length = head >> 4 == 15 ? ReadUnsigned() : (ulong)(head >> 4);
        int type = head & 0xF;
        for (ulong i = 0; i < length; i++)
        {
            if (!read(type)) SkipElement(type);
        }

        _depth--;
    }

    /// <summary>Reads a whole number.</summary>
    public long ReadInteger()
    {
        ulong value = ReadUnsigned();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    private ulong ReadUnsigned()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            int next = ReadByte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }

        throw new InvalidDataException("a number in its headers has no end");
    }

    private int ReadByte()
    {
        int value = stream.ReadByte();
        return value >= 0 ? value : throw new EndOfStreamException("it ends inside a header");
    }

    private void Skip(int type)
    {
        // What a field is tells which it is.
        if (type is not (True or False)) SkipElement(type);
    }

    private void SkipElement(int type)
    {
        switch (type)
        {
            case True or False or Byte: ReadByte(); break;
            case Int16 or Int32 or Int64: ReadUnsigned(); break;
            case Double: SkipBytes(sizeof(double)); break;
            case Uuid: SkipBytes(16); break;
            case Binary: SkipBytes(ReadUnsigned()); break;
            case List or Set: ReadList(_ => false); break;
            case Map: SkipMap(); break;
            case Struct: ReadStruct((_, _) => false); break;
            default: throw new InvalidDataException($"its headers hold a value of the unknown type {type}");
        }
    }

    private void SkipMap()
    {
        ulong length = ReadUnsigned();
        if (length == 0) return;
        int types = ReadByte();
        if (++_depth > DeepestNesting) throw new InvalidDataException("its headers are nested too deeply");
        for (ulong i = 0; i < length; i++)
        {
            SkipElement(types >> 4);
            SkipElement(types & 0xF);
        }

        _depth--;
    }

    private void SkipBytes(ulong count)
    {
        if (count > (ulong)(stream.Length - stream.Position)) throw new EndOfStreamException("it ends inside a header");
        stream.Position += (long)count;
    }
}
