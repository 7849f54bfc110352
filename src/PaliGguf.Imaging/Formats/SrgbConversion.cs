using NetVips;

namespace PaliGguf.Imaging.Formats;

/// <summary>Colours of any kind (grey, CMYK, Lab, 16 bits, with a profile of their own) to sRGB with 8 bits.</summary>
internal static class SrgbConversion
{
    private const string Profile = "icc-profile-data";

    /// <summary>Adds the conversion to an image, which stays the caller's.</summary>
    /// <exception cref="VipsException">These channels can not be converted.</exception>
    public static Image Apply(Image image)
    {
        using Image? profiled = ApplyProfile(image);
        if (profiled is null && image.Interpretation == Enums.Interpretation.Cmyk) return CmykConversion.Apply(image);
        Image srgb = (profiled ?? image).Colourspace(Enums.Interpretation.Srgb);
        if (srgb.Format == Enums.BandFormat.Uchar) return srgb;
        using (srgb) return srgb.Cast(Enums.BandFormat.Uchar);
    }

    /// <summary>
    /// Follows the embedded profile, unless there is none, it is unusable or of other colours, or it says sRGB: then a round trip would
    /// only add rounding errors.
    /// </summary>
    private static Image? ApplyProfile(Image image)
    {
        if (!image.Contains(Profile)) return null;
        byte[] profile = (byte[])image.Get(Profile);
        if (!IccProfile.Fits(profile, image) || IccProfile.IsSrgb(profile)) return null;
        try
        {
            return image.IccTransform("srgb", embedded: true, intent: Enums.Intent.Perceptual);
        }
        catch (VipsException)
        {
            return null;
        }
    }
}
