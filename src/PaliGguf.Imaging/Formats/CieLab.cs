using NetVips;

namespace PaliGguf.Imaging.Formats;

/// <summary>The CIE L*a*b* of a TIFF to RGB (TIFF 6.0, section 23), with D50 for white, as Adobe's technical notes on TIFF say.</summary>
internal static class CieLab
{
    /// <summary>Adds the conversion to an image of 3 samples as they are stored, or 4 with the opacity, which stays the caller's.</summary>
    public static Image ToRgb(Image image)
    {
        using Image lightness = image.ExtractBand(0);
        using Image opponents = image.ExtractBand(1, n: 2);

        // The two have signs: of 8 bits, or of 16 with 8 after the point.
        (double lightest, double one, double opaque, Enums.BandFormat signed) = image.Format switch
        {
            Enums.BandFormat.Uchar => (byte.MaxValue, 1.0, byte.MaxValue, Enums.BandFormat.Char),
            Enums.BandFormat.Ushort => (ushort.MaxValue, 256.0, ushort.MaxValue, Enums.BandFormat.Short),
            Enums.BandFormat format => (100.0, 1.0, 1.0, format),
        };
        using Image first = lightness * (100 / lightest);
        using Image turned = opponents.Copy(format: signed);
        using Image others = turned / one;
        using Image joined = first.Bandjoin(others);
        using Image lab = joined.Copy(interpretation: Enums.Interpretation.Lab);
        using Image colours = lab.IccExport(pcs: Enums.PCS.Lab, intent: Enums.Intent.Relative, outputProfile: "srgb", depth: 8);
        if (image.Bands == 3) return colours.Copy();
        using Image opacity = image.ExtractBand(3);
        using Image scaled = opacity.Linear([byte.MaxValue / opaque], [0.5]);
        using Image bytes = scaled.Cast(Enums.BandFormat.Uchar);
        return colours.Bandjoin(bytes);
    }
}
