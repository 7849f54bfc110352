using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace PaliGguf.Conversion.Tests;

/// <summary>A zip archive written field by field, so that each may be otherwise than it should.</summary>
internal sealed class RawZip
{
    private readonly List<RawZipEntry> _entries = [];

    /// <summary>Whether sizes and places are written in 64 bits though they need not be.</summary>
    public bool Long { get; init; }

    public string Comment { get; init; } = "";

    /// <summary>Changes the fields of the end record, which begins at the offset.</summary>
    public Action<byte[], int>? End { get; init; }

    public RawZip Add(RawZipEntry entry)
    {
        _entries.Add(entry);
        return this;
    }

    public RawZip Add(string name, byte[] content, bool compress = false) => Add(new RawZipEntry(name, content) { Compress = compress });

    public void Write(string path)
    {
        using FileStream stream = File.Create(path);
        MemoryStream directory = new();
        foreach (RawZipEntry entry in _entries)
        {
            byte[] packed = entry.Compress ? Deflate(entry.Content) : entry.Content;
            long packedLength = entry.Hole + packed.Length;
            long length = entry.DeclaredLength ?? (entry.Hole + entry.Content.Length);
            long start = entry.Start ?? stream.Position;
            bool isLong = Long || start >= uint.MaxValue || length >= uint.MaxValue;
            byte[] name = Encoding.UTF8.GetBytes(entry.Name);
            stream.Write(LocalHead(entry, name, packedLength, length, isLong));
            stream.Write(packed);
            if (entry.Hole > 0)
            {
                stream.Seek(entry.Hole, SeekOrigin.Current);
                stream.SetLength(stream.Position);
            }

            directory.Write(DirectoryHead(entry, name, entry.PackedLength ?? packedLength, length, start, isLong));
        }

        long offset = stream.Position;
        directory.WriteTo(stream);
        stream.Write(EndRecords(offset, directory.Length));
    }

    private static byte[] LocalHead(RawZipEntry entry, byte[] name, long packed, long length, bool isLong)
    {
        byte[] extra = isLong ? Extra(length, packed) : [];
        byte[] head = new byte[30];
        BinaryPrimitives.WriteUInt32LittleEndian(head, 0x04034B50);
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(8), (ushort)(entry.LocalMethod ?? entry.Method));
        WriteSize(head.AsSpan(18), packed, isLong);
        WriteSize(head.AsSpan(22), length, isLong);
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(26), (ushort)name.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(28), (ushort)extra.Length);
        return [.. head, .. name, .. extra];
    }

    private static byte[] DirectoryHead(RawZipEntry entry, byte[] name, long packed, long length, long start, bool isLong)
    {
        byte[] extra = isLong ? Extra(length, packed, start) : [];
        byte[] head = new byte[46];
        BinaryPrimitives.WriteUInt32LittleEndian(head, 0x02014B50);
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(8), (ushort)entry.Flags);
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(10), (ushort)entry.Method);
        WriteSize(head.AsSpan(20), packed, isLong);
        WriteSize(head.AsSpan(24), length, isLong);
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(28), (ushort)name.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(30), (ushort)extra.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(34), (ushort)entry.Disk);
        WriteSize(head.AsSpan(42), start, isLong);
        return [.. head, .. name, .. extra];
    }

    private byte[] EndRecords(long offset, long size)
    {
        bool isLong = Long || offset >= uint.MaxValue;
        byte[] longEnd = new byte[isLong ? 56 + 20 : 0];
        if (isLong)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(longEnd, 0x06064B50);
            BinaryPrimitives.WriteInt64LittleEndian(longEnd.AsSpan(4), 44);
            BinaryPrimitives.WriteInt64LittleEndian(longEnd.AsSpan(24), _entries.Count);
            BinaryPrimitives.WriteInt64LittleEndian(longEnd.AsSpan(32), _entries.Count);
            BinaryPrimitives.WriteInt64LittleEndian(longEnd.AsSpan(40), size);
            BinaryPrimitives.WriteInt64LittleEndian(longEnd.AsSpan(48), offset);
            BinaryPrimitives.WriteUInt32LittleEndian(longEnd.AsSpan(56), 0x07064B50);
            BinaryPrimitives.WriteInt64LittleEndian(longEnd.AsSpan(64), offset + size);
            BinaryPrimitives.WriteUInt32LittleEndian(longEnd.AsSpan(72), 1);
        }

        byte[] comment = Encoding.UTF8.GetBytes(Comment);
        byte[] end = new byte[22];
        BinaryPrimitives.WriteUInt32LittleEndian(end, 0x06054B50);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(8), isLong ? ushort.MaxValue : (ushort)_entries.Count);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(10), isLong ? ushort.MaxValue : (ushort)_entries.Count);
        WriteSize(end.AsSpan(12), size, isLong);
        WriteSize(end.AsSpan(16), offset, isLong);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(20), (ushort)comment.Length);
        byte[] records = [.. longEnd, .. end, .. comment];
        End?.Invoke(records, longEnd.Length);
        return records;
    }

    private static byte[] Extra(params long[] sizes) => [1, 0, (byte)(sizes.Length * 8), 0, .. sizes.SelectMany(BitConverter.GetBytes)];

    private static void WriteSize(Span<byte> field, long size, bool isLong) => BinaryPrimitives.WriteUInt32LittleEndian(field, isLong ? uint.MaxValue : (uint)size);

    private static byte[] Deflate(byte[] content)
    {
        MemoryStream packed = new();
        using (DeflateStream stream = new(packed, CompressionLevel.Optimal, leaveOpen: true)) stream.Write(content);
        return packed.ToArray();
    }
}

/// <summary>An entry, and what is said of it that is not so.</summary>
internal sealed record RawZipEntry(string Name, byte[] Content)
{
    public bool Compress { get; init; }

    /// <summary>Zeros after the content, which take no room on the disk.</summary>
    public long Hole { get; init; }

    public int Method { get => field > 0 ? field : Compress ? 8 : 0; init; }

    public int? LocalMethod { get; init; }

    public int Flags { get; init; }

    public int Disk { get; init; }

    public long? Start { get; init; }

    public long? DeclaredLength { get; init; }

    public long? PackedLength { get; init; }
}
