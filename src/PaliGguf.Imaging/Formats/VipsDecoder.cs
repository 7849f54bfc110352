using PaliGguf.Imaging.Interop;

namespace PaliGguf.Imaging.Formats;

/// <summary>Encoded data to pixels, through libvips: size first, then colours, then strip by strip, then the orientation.</summary>
internal static unsafe class VipsDecoder
{
    private const int StripBytes = 1 << 20;
    private const int MinStripRows = 16;

    // libvips may keep every row of a strip as a tile of its own and searches all of them for each: time grows with the square.
    private const int MaxStripRows = 256;

    /// <summary>Decodes a whole file of a format that <see cref="FormatDetection"/> has told.</summary>
    /// <exception cref="ImageException">The picture is too large or damaged.</exception>
    public static RgbImage Decode(
        ReadOnlySpan<byte> encoded, ImageFormat format, ImageLimits limits, string name, CancellationToken cancellationToken)
    {
        fixed (byte* data = encoded)
        {
            try
            {
                using SafeVipsObject image = Open(data, encoded.Length, format);
                int width = Vips.vips_image_get_width(image), height = Vips.vips_image_get_height(image);
                limits.CheckSize(name, width, height);
                int orientation = Vips.vips_image_get_orientation(image);
                byte[] pixels = GC.AllocateUninitializedArray<byte>(3 * width * height);
                using SafeVipsObject srgb = SrgbConversion.Apply(image);
                if (Vips.vips_image_get_bands(srgb) < 3) throw new VipsException("the channels are not colours");
                ReadPixels(srgb, pixels, width, 0, height, cancellationToken);
                return Orientation.Apply(new RgbImage(width, height, pixels), orientation);
            }
            catch (VipsException e)
            {
                string kind = FormatDetection.DisplayName(format);
                throw new InvalidImageContentException(name, $"the {kind} data is damaged or not supported ({e.Message})", e);
            }
        }
    }

    /// <summary>Reads the header. Pixels are decoded when they are asked for.</summary>
    /// <param name="data">The whole file, which must stay where it is.</param>
    /// <param name="length">Its length.</param>
    /// <param name="format">Its format.</param>
    /// <param name="page">Of an animation, the first frame that is read.</param>
    /// <param name="pages">Of an animation, how many frames are read; the image has them one below the other.</param>
    internal static SafeVipsObject Open(byte* data, int length, ImageFormat format, int page = 0, int pages = 1)
    {
        string loader = format switch
        {
            ImageFormat.Jpeg => "jpegload_buffer",
            ImageFormat.Png => "pngload_buffer",
            ImageFormat.WebP => "webpload_buffer",
            ImageFormat.Gif => "gifload_buffer",
            ImageFormat.Tiff => "tiffload_buffer",
            ImageFormat.Avif => "heifload_buffer",
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "libvips does not read this format."),
        };

        using VipsOperation load = new(loader);
        if (page != 0 || pages != 1) load.Set("page", page).Set("n", pages);
        return load
            .Set("buffer", data, (nuint)length)
            .Set("access", Vips.VIPS_ACCESS_SEQUENTIAL)
            .Set("fail-on", Vips.VIPS_FAIL_ON_ERROR)
            .Run()
            .Image();
    }

    /// <summary>Computes rows of an image. Rows must be asked for from the top to the bottom.</summary>
    internal static void ReadPixels(
        SafeVipsObject image, Span<byte> pixels, int width, int firstRow, int height, CancellationToken cancellationToken)
    {
        int channels = Vips.vips_image_get_bands(image);
        int stripRows = Math.Clamp(StripBytes / (width * channels), MinStripRows, MaxStripRows);
        using SafeVipsObject region = Vips.vips_region_new(image);
        for (int top = 0; top < height; top += stripRows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int rows = Math.Min(stripRows, height - top);
            byte* strip = Vips.vips_region_fetch(region, 0, firstRow + top, width, rows, out nuint length);
            if (strip is null) throw VipsException.FromErrorBuffer();
            try
            {
                ReadOnlySpan<byte> source = new(strip, checked((int)length));
                Span<byte> target = pixels.Slice(3 * width * top, 3 * width * rows);
                if (channels == 3) source.CopyTo(target);
                else FlattenOnWhite(source, channels, target);
            }
            finally
            {
                GObject.g_free(strip);
            }
        }
    }

    private static void FlattenOnWhite(ReadOnlySpan<byte> source, int channels, Span<byte> target)
    {
        for (int from = 0, to = 0; to < target.Length; from += channels, to += 3)
        {
            int alpha = source[from + 3];
            int white = (byte.MaxValue * (byte.MaxValue - alpha)) + (byte.MaxValue / 2);
            for (int channel = 0; channel < 3; channel++) target[to + channel] = (byte)(((source[from + channel] * alpha) + white) / byte.MaxValue);
        }
    }
}
