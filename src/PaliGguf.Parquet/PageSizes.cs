using System.Buffers.Binary;

namespace PaliGguf.Parquet;

/// <summary>
/// Checks what a Parquet file says of its pages, before anybody believes it: the native library makes room for as many bytes and values as
/// a page's header tells, however short the file is.
/// </summary>
/// <remarks>
/// Formats of the Apache Parquet project, parquet.thrift: FileMetaData stands before the file's last 8 bytes, and lists groups of rows, which
/// list the chunks of their columns; a chunk is pages, each behind its header.
/// </remarks>
internal sealed class PageSizes
{
    /// <summary>What a file may take beyond its own length: pages hold a megabyte as a rule, repeated values much fewer bytes.</summary>
    private const long Room = 32 << 20;

    // A value of a dictionary is a pointer and a length.
    private const int ValueBytes = 16;
    private const int TailLength = 8;

    private readonly Stream _file;
    private readonly ThriftReader _thrift;
    private readonly List<(long Start, long Length)> _chunks = [];
    private long _rows;

    private PageSizes(Stream file)
    {
        _file = file;
        _thrift = new ThriftReader(file);
    }

    private long Most => _file.Length + Room;

    /// <summary>Checks all pages of a file that begins and ends as it should.</summary>
    /// <exception cref="InvalidDataException">The sizes are impossible, or beyond what so small a file can hold.</exception>
    /// <exception cref="EndOfStreamException">A header is cut off.</exception>
    public static void Check(Stream file)
    {
        PageSizes sizes = new(file);
        sizes.ReadFooter();
        foreach ((long start, long length) in sizes._chunks) sizes.CheckChunk(start, length);
    }

    private void ReadFooter()
    {
        Span<byte> tail = stackalloc byte[TailLength];
        if (_file.Length < TailLength) throw new EndOfStreamException("it is too short");
        _file.Position = _file.Length - TailLength;
        _file.ReadExactly(tail);
        long start = _file.Length - TailLength - BinaryPrimitives.ReadUInt32LittleEndian(tail);
        if (start < 0) throw new EndOfStreamException("it is shorter than its footer");
        _file.Position = start;
        _thrift.ReadStruct((field, type) => (field, type) is (4, ThriftReader.List) && Each(ReadGroup));
        if (_rows > Most / ValueBytes) throw new InvalidDataException($"it tells of {_rows} rows in {_file.Length} bytes");
        long total = 0;
        foreach ((long from, long length) in _chunks)
        {
            if (from < 0 || length < 0 || from > start - length) throw new InvalidDataException("a column lies outside of it");
            total += length;
            if (total > start) throw new InvalidDataException("its columns lie over each other");
        }
    }

    private void ReadGroup() => _thrift.ReadStruct((field, type) => (field, type) switch
    {
        (1, ThriftReader.List) => Each(ReadChunk),
        (3, _) => Add(_thrift.ReadInteger()),
        _ => false,
    });

    private void ReadChunk() => _thrift.ReadStruct((field, type) =>
    {
        if ((field, type) is not (3, ThriftReader.Struct)) return false;
        long data = 0;
        long? dictionary = null;
        long length = 0;
        _thrift.ReadStruct((inner, _) =>
        {
            switch (inner)
            {
                case 7: length = _thrift.ReadInteger(); return true;
                case 9: data = _thrift.ReadInteger(); return true;
                case 11: dictionary = _thrift.ReadInteger(); return true;
                default: return false;
            }
        });
        _chunks.Add((dictionary is > 0 and var first && first < data ? first : data, length));
        return true;
    });

    private void CheckChunk(long start, long length)
    {
        for (long position = start; position < start + length;)
        {
            _file.Position = position;
            position = checked(ReadPage() + _file.Position);
        }
    }

    /// <summary>Reads a header and checks it.</summary>
    /// <returns>The bytes of the page behind it.</returns>
    private long ReadPage()
    {
        long stored = 0, unpacked = 0, values = 0;
        _thrift.ReadStruct((field, type) =>
        {
            switch (field)
            {
                case 2: unpacked = _thrift.ReadInteger(); return true;
                case 3: stored = _thrift.ReadInteger(); return true;
                case 5 or 7 or 8 when type == ThriftReader.Struct:
                    values = ReadCount();
                    return true;
                default: return false;
            }
        });
        if (stored < 0 || unpacked < 0 || values < 0) throw new InvalidDataException("the sizes of a page are negative");
        if (unpacked > Most) throw new InvalidDataException($"a page tells of {unpacked} bytes in a file of {_file.Length}");
        if (values > Most / ValueBytes) throw new InvalidDataException($"a page tells of {values} values in a file of {_file.Length} bytes");
        return stored;
    }

    // Of all kinds of pages the first field of what is peculiar to them.
    private long ReadCount()
    {
        long values = 0;
        _thrift.ReadStruct((field, _) =>
        {
            if (field != 1) return false;
            values = _thrift.ReadInteger();
            return true;
        });
        return values;
    }

    private bool Each(Action read)
    {
        _thrift.ReadList(type =>
        {
            if (type != ThriftReader.Struct) return false;
            read();
            return true;
        });
        return true;
    }

    private bool Add(long rows)
    {
        if (rows < 0) throw new InvalidDataException("a group has less than no rows");
        _rows = checked(_rows + rows);
        return true;
    }
}
