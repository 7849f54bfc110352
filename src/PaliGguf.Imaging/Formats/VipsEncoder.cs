using PaliGguf.Imaging.Interop;

namespace PaliGguf.Imaging.Formats;

/// <summary>Pixels to encoded data, through libvips.</summary>
internal static unsafe class VipsEncoder
{
    /// <summary>Makes a whole file.</summary>
    /// <exception cref="ImageException">The format can not hold this picture.</exception>
    public static byte[] Encode(RgbImage image, ImageFormat format, int quality, string name)
    {
        _ = VipsLibrary.Current;
        fixed (byte* pixels = image.Pixels)
        {
            try
            {
                using SafeVipsObject raw = Vips.vips_image_new_from_memory(
                    pixels, (nuint)image.Pixels.Length, image.Width, image.Height, bands: 3, Vips.VIPS_FORMAT_UCHAR);
                if (raw.IsInvalid) throw VipsException.FromErrorBuffer();
                using VipsOperation copy = new("copy");
                using SafeVipsObject srgb = copy.Set("in", raw).Set("interpretation", Vips.VIPS_INTERPRETATION_sRGB).Run().Image();
                using VipsOperation save = Saver(format, quality);
                return save.Set("in", srgb).Run().Bytes();
            }
            catch (VipsException e)
            {
                string kind = FormatDetection.DisplayName(format);
                throw new ImageException(name, $"{image.Width} x {image.Height} pixels can not be written as {kind} ({e.Message})", e);
            }
        }
    }

    private static VipsOperation Saver(ImageFormat format, int quality) => format switch
    {
        ImageFormat.Jpeg => new VipsOperation("jpegsave_buffer").Set("Q", quality),
        ImageFormat.Png => new VipsOperation("pngsave_buffer"),
        ImageFormat.WebP => new VipsOperation("webpsave_buffer").Set("Q", quality),
        ImageFormat.Gif => new VipsOperation("gifsave_buffer"),
        ImageFormat.Tiff => new VipsOperation("tiffsave_buffer").Set("compression", Vips.VIPS_FOREIGN_TIFF_COMPRESSION_DEFLATE),
        ImageFormat.Avif => new VipsOperation("heifsave_buffer").Set("compression", Vips.VIPS_FOREIGN_HEIF_COMPRESSION_AV1).Set("Q", quality),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "libvips does not write this format."),
    };
}
