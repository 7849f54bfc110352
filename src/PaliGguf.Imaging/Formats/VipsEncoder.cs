using NetVips;
using PaliGguf.Imaging.Interop;

namespace PaliGguf.Imaging.Formats;

/// <summary>Pixels to encoded data, through libvips.</summary>
internal static class VipsEncoder
{
    /// <summary>Makes a whole file.</summary>
    /// <exception cref="ImageException">The format can not hold this picture.</exception>
    public static byte[] Encode(RgbImage image, ImageFormat format, int quality, string name)
    {
        using VipsWork work = new();
        try
        {
            using Image raw = Image.NewFromMemoryCopy(image.Pixels, image.Width, image.Height, bands: 3, Enums.BandFormat.Uchar);
            using Image srgb = raw.Copy(interpretation: Enums.Interpretation.Srgb);
            return format switch
            {
                ImageFormat.Jpeg => srgb.JpegsaveBuffer(q: quality),
                ImageFormat.Png => srgb.PngsaveBuffer(),
                ImageFormat.WebP => srgb.WebpsaveBuffer(q: quality),
                ImageFormat.Gif => srgb.GifsaveBuffer(),
                ImageFormat.Tiff => srgb.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Deflate),
                ImageFormat.Avif => srgb.HeifsaveBuffer(compression: Enums.ForeignHeifCompression.Av1, q: quality),
                _ => throw new ArgumentOutOfRangeException(nameof(format), format, "libvips does not write this format."),
            };
        }
        catch (VipsException e)
        {
            string kind = FormatDetection.DisplayName(format);
            throw new ImageException(name, $"{image.Width} x {image.Height} pixels can not be written as {kind}{work.Reason(e)}");
        }
    }
}
