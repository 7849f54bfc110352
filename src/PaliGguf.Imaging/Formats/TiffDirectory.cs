using System.Buffers.Binary;

namespace PaliGguf.Imaging.Formats;

/// <summary>
/// The tags of a TIFF's first picture (TIFF 6.0, section 2; BigTIFF): libvips hands on the samples, but not all that tells what they
/// mean.
/// </summary>
internal readonly ref struct TiffDirectory
{
    private const int MaxValues = 4096;

    private readonly ReadOnlySpan<byte> _file;
    private readonly string _name;
    private readonly bool _littleEndian, _big;
    private readonly long _entries, _count;

    /// <summary>Finds the directory.</summary>
    /// <param name="file">The whole file, which starts like a TIFF.</param>
    /// <param name="name">What messages call the picture.</param>
    /// <exception cref="InvalidImageContentException">It lies outside of the file.</exception>
    public TiffDirectory(ReadOnlySpan<byte> file, string name)
    {
        _file = file;
        _name = name;
        _littleEndian = file[0] == 'I';
        _big = Number(2, 2) == 43;
        long start = _big ? Number(8, 8) : Number(4, 4);
        _count = Number(start, _big ? 8 : 2);
        _entries = start + (_big ? 8 : 2);
        if (_count > (file.Length - _entries) / EntryLength) throw Outside();
    }

    private int EntryLength => _big ? 20 : 12;

    /// <summary>The first value of a tag.</summary>
    /// <param name="tag">Its number.</param>
    /// <param name="absent">What stands for a tag that is not there.</param>
    public double First(int tag, double absent) => Values(tag) is [double first, ..] ? first : absent;

    /// <summary>The values of a tag; none where it is not there, or holds no numbers.</summary>
    /// <exception cref="InvalidImageContentException">They lie outside of the file.</exception>
    public double[] Values(int tag) => Entry(tag) is long entry ? ReadValues(entry) : [];

    /// <summary>How many values a tag says it has; 0 where it is not there.</summary>
    public long Count(int tag) => Entry(tag) is long entry ? Number(entry + 4, _big ? 8 : 4) : 0;

    /// <summary>The file with another value of a tag, which is there and has one.</summary>
    /// <param name="tag">Its number.</param>
    /// <param name="value">The new value.</param>
    public byte[] With(int tag, byte value)
    {
        byte[] changed = _file.ToArray();
        int entry = (int)Entry(tag)!.Value, at = entry + (_big ? 12 : 8), size = SizeOf((int)Number(entry + 2, 2));
        changed.AsSpan(at, size).Clear();
        changed[_littleEndian ? at : at + size - 1] = value;
        return changed;
    }

    private long? Entry(int tag)
    {
        for (long entry = 0; entry < _count; entry++)
        {
            long at = _entries + (entry * EntryLength);
            if (Number(at, 2) == tag) return at;
        }

        return null;
    }

    private static int SizeOf(int type) => type switch { 1 => 1, 3 => 2, 4 or 11 => 4, 5 or 12 or 16 => 8, _ => 0 };

    private double[] ReadValues(long entry)
    {
        int type = (int)Number(entry + 2, 2), size = SizeOf(type);
        int offsetLength = _big ? 8 : 4;
        long count = Number(entry + 4, offsetLength), at = entry + 4 + offsetLength;
        if (size == 0) return [];
        if (count is < 0 or > MaxValues) throw Outside();
        if (count * size > offsetLength) at = Number(at, offsetLength);
        double[] values = new double[count];
        for (int i = 0; i < count; i++, at += size)
        {
            values[i] = type switch
            {
                5 => (double)Number(at, 4) / Number(at + 4, 4),
                11 => BitConverter.Int32BitsToSingle((int)Number(at, 4)),
                12 => BitConverter.Int64BitsToDouble(Number(at, 8)),
                _ => Number(at, size),
            };
        }

        return values;
    }

    private long Number(long at, int length)
    {
        if (at < 0 || at > _file.Length - length) throw Outside();
        ReadOnlySpan<byte> bytes = _file.Slice((int)at, length);
        return length switch
        {
            1 => bytes[0],
            2 => _littleEndian ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes),
            4 => _littleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes),
            _ => _littleEndian ? BinaryPrimitives.ReadInt64LittleEndian(bytes) : BinaryPrimitives.ReadInt64BigEndian(bytes),
        };
    }

    private InvalidImageContentException Outside() =>
        VipsDecoder.Damaged(ImageFormat.Tiff, _name, " (its directory leads out of the file)");
}
