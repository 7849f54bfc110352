using NetVips;

namespace PaliGguf.Imaging.Formats;

/// <summary>
/// Cyan, magenta, yellow and black without a colour profile to RGB as Pillow does it, with which the models' pictures were read: each
/// colour is (255 - black) * (255 - ink) / 255. libvips would take a printing press's profile.
/// </summary>
internal static class CmykConversion
{
    /// <summary>Adds the conversion to an image of 4 channels, or 5 with alpha, which stays the caller's.</summary>
    public static Image Apply(Image image)
    {
        using Image inks = ToBytes(image);
        using Image white = inks.Invert();
        using Image colours = white.ExtractBand(0, n: 3);
        using Image light = white.ExtractBand(3);
        using Image product = colours * light;
        using Image scaled = product.Linear([1.0 / byte.MaxValue], [0.5]);
        using Image bytes = scaled.Cast(Enums.BandFormat.Uchar);
        using Image rgb = bytes.Copy(interpretation: Enums.Interpretation.Srgb);
        if (image.Bands == 4) return rgb.Copy();
        using Image alpha = inks.ExtractBand(4);
        return rgb.Bandjoin(alpha);
    }

    private static Image ToBytes(Image image) =>
        image.Format == Enums.BandFormat.Ushort ? image.Cast(Enums.BandFormat.Uchar, shift: true) : image.Cast(Enums.BandFormat.Uchar);
}
