using PaliGguf.Imaging.Interop;

namespace PaliGguf.Imaging.Formats;

/// <summary>Colours of any kind (grey, CMYK, Lab, 16 bits, with a profile of their own) to sRGB with 8 bits.</summary>
internal static unsafe class SrgbConversion
{
    /// <summary>Adds the conversion to an image, which stays the caller's.</summary>
    /// <exception cref="VipsException">These channels can not be converted.</exception>
    public static SafeVipsObject Apply(SafeVipsObject image)
    {
        using SafeVipsObject? profiled = ApplyProfile(image);
        using VipsOperation convert = new("colourspace");
        SafeVipsObject srgb = convert.Set("in", profiled ?? image).Set("space", Vips.VIPS_INTERPRETATION_sRGB).Run().Image();
        if (Vips.vips_image_get_format(srgb) == Vips.VIPS_FORMAT_UCHAR) return srgb;

        using (srgb)
        using (VipsOperation cast = new("cast"))
        {
            return cast.Set("in", srgb).Set("format", Vips.VIPS_FORMAT_UCHAR).Run().Image();
        }
    }

    /// <summary>
    /// Follows the embedded profile, unless there is none, it is unusable, or it says sRGB: then a round trip would only add rounding errors.
    /// </summary>
    private static SafeVipsObject? ApplyProfile(SafeVipsObject image)
    {
        if (Vips.vips_image_get_typeof(image, Vips.VIPS_META_ICC_NAME) == 0) return null;
        if (Vips.vips_image_get_blob(image, Vips.VIPS_META_ICC_NAME, out byte* data, out nuint length) != 0) throw VipsException.FromErrorBuffer();
        if (IccProfile.IsSrgb(new ReadOnlySpan<byte>(data, checked((int)length)))) return null;
        try
        {
            using VipsOperation transform = new("icc_transform");
            return transform
                .Set("in", image)
                .Set("output-profile", "srgb")
                .Set("embedded", true)
                .Set("intent", Vips.VIPS_INTENT_PERCEPTUAL)
                .Run()
                .Image();
        }
        catch (VipsException)
        {
            return null;
        }
    }
}
