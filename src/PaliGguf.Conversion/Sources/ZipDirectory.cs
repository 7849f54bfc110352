using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace PaliGguf.Conversion.Sources;

/// <summary>A file in a zip archive: where its bytes lie, and how many there are once they are unpacked.</summary>
/// <param name="Name">Its name, which is never used as a path.</param>
/// <param name="Deflated">Whether the bytes are compressed; else they lie in the archive as they are.</param>
/// <param name="Offset">The first of them in the archive.</param>
/// <param name="PackedLength">How many there are in the archive.</param>
/// <param name="Length">How many the archive says they unpack to.</param>
internal sealed record ZipEntry(string Name, bool Deflated, long Offset, long PackedLength, long Length);

/// <summary>
/// The table of contents of a zip archive, with the extension for files beyond 4 GB (PKWARE's APPNOTE, sections 4.3 and 4.5.3). <see cref="System.IO.Compression.ZipArchive"/>
/// does not tell where an entry lies, which is what makes reading at any place possible. All that is read is held against the file's size: no two entries share a byte.
/// </summary>
internal sealed class ZipDirectory
{
    private const int MostEntries = 1 << 16;
    private const int LongestDirectory = 1 << 26;
    private const int EndLength = 22;
    private const int LongestComment = ushort.MaxValue;
    private const int LocatorLength = 20;
    private const int LongEndLength = 56;
    private const int EntryLength = 46;
    private const int LocalLength = 30;
    private const uint EndSignature = 0x06054B50;
    private const uint LocatorSignature = 0x07064B50;
    private const uint LongEndSignature = 0x06064B50;
    private const uint EntrySignature = 0x02014B50;
    private const uint LocalSignature = 0x04034B50;
    private const ushort LongSizes = 1;
    private const ushort Encrypted = 0b_0010_0000_0100_0001;
    private const ushort SizesFollow = 0b_1000;
    private readonly SafeFileHandle _file;
    private readonly string _path;
    private readonly long _length;

    private ZipDirectory(SafeFileHandle file, string path)
    {
        _file = file;
        _path = path;
        _length = RandomAccess.GetLength(file);
    }

    /// <summary>Reads the table of contents, in the order in which the entries lie in the file.</summary>
    /// <exception cref="ModelFormatException">The file is no sound zip archive, or of a kind that is not read.</exception>
    public static IReadOnlyList<ZipEntry> Read(SafeFileHandle file, string path) => new ZipDirectory(file, path).Read();

    private List<ZipEntry> Read()
    {
        (long count, long size, long offset, long end) = FindDirectory();
        if (count < 0 || size < 0 || offset < 0 || offset > end || size != end - offset) throw Malformed($"its table of contents of {size} bytes at {offset} does not end at {end}");
        if (count > MostEntries || size > LongestDirectory) throw Malformed($"it has {count} entries, listed in {size} bytes: more than the {MostEntries} and {LongestDirectory} that are allowed");
        byte[] directory = ReadBytes(offset, (int)size);
        List<(long Start, ZipEntry Entry)> entries = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        int position = 0;
        for (long i = 0; i < count; i++)
        {
            (long start, ZipEntry entry) = ReadEntry(directory, ref position, offset);
            if (!names.Add(entry.Name)) throw Malformed($"the entry {OneLine.Show(entry.Name)} is there twice");
            entries.Add((start, entry));
        }

        if (position != directory.Length) throw Malformed($"its table of contents has {directory.Length - position} bytes after the last entry");
        entries.Sort((a, b) => a.Start.CompareTo(b.Start));
        for (int i = 1; i < entries.Count; i++)
        {
            ZipEntry before = entries[i - 1].Entry;
            if (before.Offset + before.PackedLength > entries[i].Start) throw Malformed($"the entries {OneLine.Show(before.Name)} and {OneLine.Show(entries[i].Entry.Name)} overlap");
        }

        return entries.ConvertAll(entry => entry.Entry);
    }

    private (long Count, long Size, long Offset, long End) FindDirectory()
    {
        int tailLength = (int)Math.Min(_length, EndLength + LongestComment);
        byte[] tail = ReadBytes(_length - tailLength, tailLength);
        for (int at = tail.Length - EndLength; at >= 0; at--)
        {
            ReadOnlySpan<byte> end = tail.AsSpan(at);
            if (UInt32(end) != EndSignature || UInt16(end[20..]) != end.Length - EndLength) continue;
            long position = _length - end.Length;
            if (HasLongEnd(position, out long longEnd)) return ReadLongEnd(longEnd, position - LocatorLength);
            RequireOneDisk(UInt16(end[4..]), UInt16(end[6..]), UInt16(end[8..]), UInt16(end[10..]));
            return (UInt16(end[10..]), UInt32(end[12..]), UInt32(end[16..]), position);
        }

        throw Malformed("it does not end as one: truncated, or another kind of file");
    }

    private bool HasLongEnd(long end, out long position)
    {
        position = 0;
        if (end < LocatorLength) return false;
        ReadOnlySpan<byte> locator = ReadBytes(end - LocatorLength, LocatorLength);
        if (UInt32(locator) != LocatorSignature) return false;
        if (UInt32(locator[4..]) != 0 || UInt32(locator[16..]) > 1) throw Malformed("it is one of several parts");
        position = Int64(locator[8..]);
        return true;
    }

    private (long Count, long Size, long Offset, long End) ReadLongEnd(long position, long limit)
    {
        if (position < 0 || position > limit - LongEndLength) throw Malformed($"the place of its long end record, {position}, is not in the file");
        ReadOnlySpan<byte> end = ReadBytes(position, LongEndLength);
        if (UInt32(end) != LongEndSignature) throw Malformed($"there is no long end record at {position}");
        RequireOneDisk(UInt32(end[16..]), UInt32(end[20..]), Int64(end[24..]), Int64(end[32..]));
        return (Int64(end[32..]), Int64(end[40..]), Int64(end[48..]), position);
    }

    private void RequireOneDisk(long disk, long directoryDisk, long entriesHere, long entries)
    {
        if (disk != 0 || directoryDisk != 0 || entriesHere != entries) throw Malformed("it is one of several parts");
    }

    private (long Start, ZipEntry Entry) ReadEntry(byte[] directory, ref int position, long directoryOffset)
    {
        ReadOnlySpan<byte> head = directory.AsSpan(position);
        if (head.Length < EntryLength || UInt32(head) != EntrySignature) throw Malformed("its table of contents is damaged");
        int nameLength = UInt16(head[28..]);
        int extraLength = UInt16(head[30..]);
        int whole = EntryLength + nameLength + extraLength + UInt16(head[32..]);
        if (whole > head.Length) throw Malformed("its table of contents is damaged");
        ReadOnlySpan<byte> rawName = head.Slice(EntryLength, nameLength);
        string name = Encoding.UTF8.GetString(rawName);
        ReadOnlySpan<byte> extra = head.Slice(EntryLength + nameLength, extraLength);
        (long length, long packed, long start) = ReadSizes(name, UInt32(head[24..]), UInt32(head[20..]), UInt32(head[42..]), extra);
        ushort method = UInt16(head[10..]);
        if ((UInt16(head[8..]) & Encrypted) != 0) throw Bad(name, "is encrypted");
        if (UInt16(head[34..]) != 0) throw Malformed("it is one of several parts");
        if (method is not (0 or 8)) throw Bad(name, $"is packed by method {method}; stored (0) and deflated (8) ones are read");
        if (method == 0 && packed != length) throw Bad(name, $"is stored as it is, in {packed} bytes of {length}");
        position += whole;

        long offset = ReadLocal(name, rawName, method, start, packed, length, directoryOffset);
        return (start, new ZipEntry(name, method == 8, offset, packed, length));
    }

    // A size of 0xFFFFFFFF stands for one in the extra field, which has only those, in this order.
    private (long Length, long Packed, long Start) ReadSizes(string name, uint length, uint packed, uint start, ReadOnlySpan<byte> extra)
    {
        ReadOnlySpan<byte> sizes = [];
        while (extra.Length >= 4)
        {
            int fieldLength = UInt16(extra[2..]);
            if (fieldLength > extra.Length - 4) throw Bad(name, "has a damaged extra field");
            if (UInt16(extra) == LongSizes) sizes = extra.Slice(4, fieldLength);
            extra = extra[(4 + fieldLength)..];
        }

        return (Size(length, ref sizes), Size(packed, ref sizes), Size(start, ref sizes));

        long Size(uint shortSize, ref ReadOnlySpan<byte> rest)
        {
            if (shortSize != uint.MaxValue) return shortSize;
            if (rest.Length < 8) throw Bad(name, "lacks its long sizes");
            long size = Int64(rest);
            rest = rest[8..];
            return size >= 0 ? size : throw Bad(name, "is larger than any file");
        }
    }

    private long ReadLocal(string name, ReadOnlySpan<byte> rawName, ushort method, long start, long packed, long length, long limit)
    {
        if (start > limit - LocalLength - rawName.Length) throw Bad(name, $"begins at {start}, beyond the {limit} bytes of the archive's content");
        ReadOnlySpan<byte> head = ReadBytes(start, LocalLength + rawName.Length);
        int nameLength = UInt16(head[26..]);
        if (UInt32(head) != LocalSignature || nameLength != rawName.Length || !head[LocalLength..].SequenceEqual(rawName))
        {
            throw Bad(name, $"is not at {start}, where the table of contents has it");
        }

        ushort flags = UInt16(head[6..]);
        bool sizesHere = (flags & SizesFollow) == 0 && UInt32(head[18..]) != uint.MaxValue && UInt32(head[22..]) != uint.MaxValue;
        bool same = UInt16(head[8..]) == method && (flags & Encrypted) == 0 && (!sizesHere || (UInt32(head[18..]) == packed && UInt32(head[22..]) == length));
        if (!same) throw Bad(name, "is described otherwise at its place than in the table of contents");
        long offset = start + LocalLength + nameLength + UInt16(head[28..]);
        if (packed > limit - offset) throw Bad(name, $"of {packed} bytes at {offset} ends beyond the {limit} bytes of the archive's content");
        return offset;
    }

    private byte[] ReadBytes(long offset, int count)
    {
        byte[] bytes = new byte[count];
        CheckpointFile.ReadAt(_file, offset, bytes, _path);
        return bytes;
    }

    private static ushort UInt16(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static uint UInt32(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private static long Int64(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt64LittleEndian(bytes);

    private ModelFormatException Bad(string name, string problem) => Malformed($"the entry {OneLine.Show(name)} {problem}");

    private ModelFormatException Malformed(string problem) => new(_path, "the file is not a sound .npz archive: " + problem);
}
