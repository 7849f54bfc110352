using System.Text;

namespace PaliGguf.Batch.Sources;

/// <summary>A block of 512 bytes before a member, of the forms v7, ustar, pax and GNU.</summary>
internal readonly ref struct TarHeader(ReadOnlySpan<byte> block)
{
    public const int Length = 512;

    private readonly ReadOnlySpan<byte> _block = block;

    public char Type => (char)_block[156];

    public string Link => Text(_block.Slice(157, 100));

    public string Name
    {
        get
        {
            string name = Text(_block[..100]);
            string prefix = _block.Slice(257, 6).SequenceEqual("ustar\0"u8) ? Text(_block.Slice(345, 155)) : "";
            return prefix.Length > 0 ? $"{prefix}/{name}" : name;
        }
    }

    /// <summary>How many bytes follow; negative where that is not to be understood.</summary>
    public long Size => Number(_block.Slice(124, 12));

    /// <summary>Whether the sum of its bytes is the one that it tells.</summary>
    public bool IsSound
    {
        get
        {
            long told = Number(_block.Slice(148, 8));
            (long sum, long signed) = (0, 0);
            for (int i = 0; i < Length; i++)
            {
                byte value = i is >= 148 and < 156 ? (byte)' ' : _block[i];
                sum += value;
                signed += (sbyte)value;
            }

            return told == sum || told == signed;
        }
    }

    // Octal digits, or a number to the base 256 where the first bit is set.
    private static long Number(ReadOnlySpan<byte> field)
    {
        long value = 0;
        if (field[0] >= 0x80)
        {
            ReadOnlySpan<byte> digits = field[1..];
            if (field[0] != 0x80 || (digits.Length > sizeof(long) && digits[..^sizeof(long)].ContainsAnyExcept((byte)0))) return -1;
            foreach (byte digit in digits[Math.Max(digits.Length - sizeof(long), 0)..]) value = (value << 8) | digit;
            return value;
        }

        foreach (byte digit in field.Trim(" \0"u8))
        {
            if (digit is < (byte)'0' or > (byte)'7') return -1;
            value = (value << 3) | (uint)(digit - '0');
        }

        return value;
    }

    private static string Text(ReadOnlySpan<byte> field) =>
        Encoding.UTF8.GetString(field.IndexOf((byte)0) is >= 0 and int end ? field[..end] : field);
}
