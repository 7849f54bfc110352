namespace PaliGguf;

/// <summary>
/// A picture in memory: 8 bits per channel, sRGB, rows from the top, each row <c>3 * Width</c> bytes (red, green, blue) without padding.
/// Immutable, so one instance may be used by any number of requests and threads.
/// </summary>
public sealed class RgbImage
{
    private readonly byte[] _pixels;

    /// <summary>Takes over <paramref name="pixels"/>; the caller must not change the array afterwards.</summary>
    internal RgbImage(int width, int height, byte[] pixels)
    {
        if (pixels.Length != ByteCount(width, height)) throw new ArgumentException("The pixel array does not fit the size.", nameof(pixels));
        Width = width;
        Height = height;
        _pixels = pixels;
    }

    /// <summary>The width in pixels, at least 1.</summary>
    public int Width { get; }

    /// <summary>The height in pixels, at least 1.</summary>
    public int Height { get; }

    /// <summary>The pixels, <c>3 * Width * Height</c> bytes.</summary>
    public ReadOnlySpan<byte> Pixels => _pixels;

    /// <summary>Copies a picture of three bytes per pixel: red, green, blue.</summary>
    /// <param name="pixels">At least <c>stride * (height - 1) + 3 * width</c> bytes.</param>
    /// <param name="width">The width in pixels, at least 1.</param>
    /// <param name="height">The height in pixels, at least 1.</param>
    /// <param name="stride">Bytes from one row to the next; 0 for rows without padding.</param>
    /// <exception cref="ArgumentException">The span is too short, or a size is out of range.</exception>
    public static RgbImage FromRgb(ReadOnlySpan<byte> pixels, int width, int height, int stride = 0) =>
        Copy(pixels, width, height, stride, channels: 3, red: 0, blue: 2);

    /// <summary>Copies a picture of four bytes per pixel: red, green, blue, alpha (straight, not premultiplied); flattens it on white.</summary>
    /// <inheritdoc cref="FromRgb" path="/param|/exception"/>
    public static RgbImage FromRgba(ReadOnlySpan<byte> pixels, int width, int height, int stride = 0) =>
        Copy(pixels, width, height, stride, channels: 4, red: 0, blue: 2);

    /// <summary>Copies a picture of four bytes per pixel: blue, green, red, alpha (straight, not premultiplied); flattens it on white.</summary>
    /// <inheritdoc cref="FromRgb" path="/param|/exception"/>
    public static RgbImage FromBgra(ReadOnlySpan<byte> pixels, int width, int height, int stride = 0) =>
        Copy(pixels, width, height, stride, channels: 4, red: 2, blue: 0);

    private static RgbImage Copy(ReadOnlySpan<byte> source, int width, int height, int stride, int channels, int red, int blue)
    {
        int byteCount = ByteCount(width, height);
        long rowLength = (long)width * channels;
        if (stride != 0 && stride < rowLength) throw new ArgumentException($"A row of {width} pixels has {rowLength} bytes, more than the stride of {stride}.", nameof(stride));
        long needed = ((stride == 0 ? rowLength : stride) * (height - 1)) + rowLength;
        if (source.Length < needed) throw new ArgumentException($"{width} x {height} pixels need {needed} bytes, not {source.Length}.", nameof(source));

        byte[] pixels = new byte[byteCount];
        int rowBytes = (int)rowLength;
        if (stride == 0) stride = rowBytes;
        int target = 0;
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<byte> row = source.Slice(y * stride, rowBytes);
            if (channels == 3)
            {
                row.CopyTo(pixels.AsSpan(target));
                target += rowBytes;
                continue;
            }

            Flatten(row, pixels.AsSpan(target, 3 * width), red, blue);
            target += 3 * width;
        }

        return new RgbImage(width, height, pixels);
    }

    /// <summary>Lays pixels of four bytes, straight alpha last, on white.</summary>
    internal static void Flatten(ReadOnlySpan<byte> source, Span<byte> rgb, int red = 0, int blue = 2)
    {
        for (int from = 0, to = 0; from < source.Length; from += 4, to += 3)
        {
            int alpha = source[from + 3];
            rgb[to] = OnWhite(source[from + red], alpha);
            rgb[to + 1] = OnWhite(source[from + 1], alpha);
            rgb[to + 2] = OnWhite(source[from + blue], alpha);
        }
    }

    private static byte OnWhite(int value, int alpha) => (byte)(((value * alpha) + (255 * (255 - alpha)) + 127) / 255);

    private static int ByteCount(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        Int128 bytes = (Int128)3 * width * height;
        if (bytes > Array.MaxLength) throw new ArgumentException($"{width} x {height} pixels are more than one array can hold.", nameof(width));
        return (int)bytes;
    }
}
