using System.Buffers.Binary;

namespace PaliGguf.Imaging.Formats;

/// <summary>Pixels to a Windows bitmap of 24 bits per pixel, rows from the bottom.</summary>
internal static class BmpEncoder
{
    private const int HeaderLength = BmpDecoder.FileHeaderLength + BmpDecoder.InfoHeaderLength;
    private const int PixelsPerMetre = 2835;

    /// <summary>Makes a whole file.</summary>
    /// <exception cref="ImageException">The file would be larger than an array can be.</exception>
    public static byte[] Encode(RgbImage image, string name)
    {
        int rowBytes = 3 * image.Width;
        long stride = (rowBytes + 3L) & ~3L;
        long length = HeaderLength + (stride * image.Height);
        if (length > Array.MaxLength) throw new ImageException(name, $"{image.Width} x {image.Height} pixels are too many for one BMP file");

        byte[] file = new byte[length];
        "BM"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(2), file.Length);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(10), HeaderLength);
        Span<byte> info = file.AsSpan(BmpDecoder.FileHeaderLength);
        BinaryPrimitives.WriteInt32LittleEndian(info, BmpDecoder.InfoHeaderLength);
        BinaryPrimitives.WriteInt32LittleEndian(info[4..], image.Width);
        BinaryPrimitives.WriteInt32LittleEndian(info[8..], image.Height);
        BinaryPrimitives.WriteInt16LittleEndian(info[12..], 1);
        BinaryPrimitives.WriteInt16LittleEndian(info[14..], 24);
        BinaryPrimitives.WriteInt32LittleEndian(info[20..], file.Length - HeaderLength);
        BinaryPrimitives.WriteInt32LittleEndian(info[24..], PixelsPerMetre);
        BinaryPrimitives.WriteInt32LittleEndian(info[28..], PixelsPerMetre);
        for (int y = 0; y < image.Height; y++)
        {
            ReadOnlySpan<byte> source = image.Pixels.Slice(y * rowBytes, rowBytes);
            Span<byte> target = file.AsSpan(HeaderLength + (int)(stride * (image.Height - 1 - y)), rowBytes);
            for (int x = 0; x < rowBytes; x += 3) (target[x], target[x + 1], target[x + 2]) = (source[x + 2], source[x + 1], source[x]);
        }

        return file;
    }
}
