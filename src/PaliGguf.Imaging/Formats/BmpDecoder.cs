using System.Buffers.Binary;
using System.Numerics;

namespace PaliGguf.Imaging.Formats;

/// <summary>Windows bitmaps to pixels. libvips has no decoder of its own for them.</summary>
internal static class BmpDecoder
{
    public const int FileHeaderLength = 14;
    public const int InfoHeaderLength = 40;

    /// <summary>Decodes a whole file.</summary>
    /// <exception cref="ImageException">The file is damaged, of an unsupported kind, or too large.</exception>
    public static RgbImage Decode(ReadOnlySpan<byte> file, ImageLimits limits, string name, CancellationToken cancellationToken)
    {
        BmpHeader header = BmpHeader.Read(file, limits, name);
        if (header.Masks.Alpha != 0 && IsClear(file, header)) header = header with { Masks = header.Masks with { Alpha = 0 } };
        ReadOnlySpan<byte> rows = file[header.PixelOffset..];
        if (header.HasRunLengths)
        {
            rows = BmpRunLengths.Expand(rows, header, name, cancellationToken);
            header = header with { BitsPerPixel = 8 };
        }

        byte[] pixels = new byte[3 * header.Width * header.Height];
        for (int y = 0; y < header.Height; y++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int stored = header.RowsFromTop ? y : header.Height - 1 - y;
            ReadOnlySpan<byte> source = rows.Slice(header.Stride * stored, header.Stride);
            Span<byte> target = pixels.AsSpan(3 * header.Width * y, 3 * header.Width);
            switch (header.BitsPerPixel)
            {
                case <= 8: CopyIndexed(source, file, header, target); break;
                case 24: CopyBgr(source, target); break;
                default: CopyMasked(source, header, target); break;
            }
        }

        return new RgbImage(header.Width, header.Height, pixels);
    }

    private static void CopyIndexed(ReadOnlySpan<byte> source, ReadOnlySpan<byte> file, BmpHeader header, Span<byte> target)
    {
        (int offset, int colours, int entryLength) = header.Palette;
        int bits = header.BitsPerPixel, perByte = 8 / bits, mask = (1 << bits) - 1;
        for (int x = 0; x < header.Width; x++)
        {
            int index = (source[x / perByte] >> (8 - bits - (x % perByte * bits))) & mask;

            // An index past the palette is black, as elsewhere.
            if (index < colours) CopyBgr(file.Slice(offset + (index * entryLength), 3), target.Slice(3 * x, 3));
        }
    }

    private static void CopyBgr(ReadOnlySpan<byte> source, Span<byte> target)
    {
        for (int x = 0; x < target.Length; x += 3) (target[x], target[x + 1], target[x + 2]) = (source[x + 2], source[x + 1], source[x]);
    }

    private static void CopyMasked(ReadOnlySpan<byte> source, BmpHeader header, Span<byte> target)
    {
        (uint red, uint green, uint blue, uint alpha) = header.Masks;
        for (int x = 0; x < header.Width; x++)
        {
            uint pixel = MaskedPixel(source, header, x);
            uint opacity = alpha == 0 ? byte.MaxValue : ToByte(pixel, alpha);
            target[3 * x] = OnWhite(ToByte(pixel, red), opacity);
            target[(3 * x) + 1] = OnWhite(ToByte(pixel, green), opacity);
            target[(3 * x) + 2] = OnWhite(ToByte(pixel, blue), opacity);
        }
    }

    private static uint MaskedPixel(ReadOnlySpan<byte> row, BmpHeader header, int x) => header.BitsPerPixel == 16
        ? BinaryPrimitives.ReadUInt16LittleEndian(row[(2 * x)..])
        : BinaryPrimitives.ReadUInt32LittleEndian(row[(4 * x)..]);

    /// <summary>
    /// Whether no pixel has any opacity: programs that know nothing of it (the clipboard of Windows) leave it at 0, and mean the picture.
    /// </summary>
    private static bool IsClear(ReadOnlySpan<byte> file, BmpHeader header)
    {
        for (int y = 0; y < header.Height; y++)
        {
            ReadOnlySpan<byte> row = file.Slice(header.PixelOffset + (header.Stride * y), header.Stride);
            for (int x = 0; x < header.Width; x++)
            {
                if ((MaskedPixel(row, header, x) & header.Masks.Alpha) != 0) return false;
            }
        }

        return true;
    }

    private static uint ToByte(uint pixel, uint mask)
    {
        int shift = BitOperations.TrailingZeroCount(mask);
        ulong value = (pixel & mask) >> shift, most = mask >> shift;
        return (uint)(((value * byte.MaxValue) + (most / 2)) / most);
    }

    private static byte OnWhite(uint value, uint opacity) =>
        (byte)(((value * opacity) + (byte.MaxValue * (byte.MaxValue - opacity)) + (byte.MaxValue / 2)) / byte.MaxValue);
}
