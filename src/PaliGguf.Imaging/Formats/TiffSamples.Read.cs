namespace PaliGguf.Imaging.Formats;

/// <content>What the tags of a TIFF tell of its samples, and what is refused.</content>
internal sealed partial record TiffSamples
{
    private const int PhotometricTag = 262, PaletteTag = 320, ExtraTag = 338;
    private const int WhiteIsZero = 0, BlackIsZero = 1, Rgb = 2, Palette = 3, Separated = 5, YCbCr = 6, Lab = 8;
    private const int Unsigned = 1, Signed = 2, Float = 3;
    private const int Associated = 1, Unassociated = 2, CorelUnassociated = 999;

    /// <summary>Reads what the file says of its first picture.</summary>
    /// <exception cref="InvalidImageContentException">The meaning is not known, or the directory is damaged.</exception>
    /// <exception cref="ImageLimitException">The picture is too large.</exception>
    public static TiffSamples Read(ReadOnlySpan<byte> file, ImageLimits limits, string name)
    {
        TiffDirectory tags = new(file, name);
        VipsDecoder.CheckSize(ImageFormat.Tiff, (long)tags.First(256, 0), (long)tags.First(257, 0), limits, name);
        int photometric = (int)tags.First(PhotometricTag, -1), bits = (int)tags.First(258, 1), kind = (int)tags.First(339, Unsigned);
        int samples = (int)tags.First(277, 1), colours = Colour(tags, photometric, name), stored = photometric == Palette ? 1 : colours;
        CheckNumbers(photometric == Lab && kind == Signed ? Unsigned : kind, bits, name);
        if (samples < stored) throw Refused(name, $"its colours need {stored} samples a pixel, and it has {samples}");
        if (samples > 1 && bits < 8) throw Refused(name, $"its samples have {bits} bits, and a pixel has {samples} of them");
        if (photometric == WhiteIsZero && kind == Float) throw Refused(name, "its samples are floating-point numbers with 0 for white");
        if (photometric == Palette) CheckPalette(tags, bits, name);
        (int? alpha, bool associated) = FindAlpha(tags, samples, stored, name);
        if (associated) CheckAssociated(photometric, bits, kind, name);
        return new TiffSamples(name)
        {
            Colours = colours,
            Alpha = photometric == Palette ? alpha + 2 : alpha,
            IsAlphaUntold = alpha is not null && tags.Values(ExtraTag).Length == 0,
            Bits = bits,
            IsFloat = kind == Float,
            IsLab = photometric == Lab,

            // JPEG inside of a TIFF is handed on as RGB.
            LumaChroma = photometric == YCbCr && (int)tags.First(259, 1) is not (6 or 7) ? LumaChroma.Read(tags, bits, kind, name) : null,
        };
    }

    internal static InvalidImageContentException Refused(string name, string problem) =>
        VipsDecoder.Damaged(ImageFormat.Tiff, name, $" ({problem}; store it as RGB with 8 or 16 bits)");

    /// <summary>How many samples of a pixel are its colour, those of a palette for its entries.</summary>
    private static int Colour(TiffDirectory tags, int photometric, string name) => photometric switch
    {
        WhiteIsZero or BlackIsZero => 1,
        Rgb or Palette or YCbCr or Lab => 3,
        Separated when (int)tags.First(332, 1) == 1 => 4,
        Separated => throw Refused(name, "its inks are not cyan, magenta, yellow and black"),
        _ => throw Refused(name, $"photometric interpretation {photometric}: the samples are no grey, RGB, CMYK, YCbCr or Lab colours"),
    };

    private static void CheckNumbers(int kind, int bits, string name)
    {
        bool known = kind switch
        {
            Unsigned or 4 => bits is 1 or 2 or 4 or 8 or 16 or 32,
            Float => bits is 16 or 32,
            Signed => throw Refused(name, "its samples are signed numbers, and which is white is not known"),
            _ => throw Refused(name, "its samples are complex numbers"),
        };
        if (!known) throw Refused(name, $"its samples have {bits} bits");
    }

    /// <summary>libvips would show the numbers of the entries for grey.</summary>
    private static void CheckPalette(TiffDirectory tags, int bits, string name)
    {
        long entries = tags.Count(PaletteTag), needed = 3L << bits;
        if (entries < needed) throw Refused(name, $"its palette has {entries} numbers, and samples of {bits} bits need {needed}");
    }

    private static void CheckAssociated(int photometric, int bits, int kind, string name)
    {
        if (bits == 32 && kind != Float) throw Refused(name, "32-bit integers premultiplied with alpha");
        if (photometric is WhiteIsZero or Lab) throw Refused(name, "samples that are not 0 for black, premultiplied with alpha");
    }

    /// <summary>
    /// The first extra sample that is opacity (section 18); a single one that the file says nothing of is, too: many programs write that.
    /// </summary>
    private static (int? Sample, bool Associated) FindAlpha(TiffDirectory tags, int samples, int colours, string name)
    {
        double[] extra = tags.Values(ExtraTag);
        if (extra.Length == 0)
        {
            if (colours == 1 && samples > 2) throw Refused(name, $"it has {samples} samples a pixel, and says of one only what it means");
            return (samples == colours + 1 ? colours : null, false);
        }

        int first = Array.FindIndex(extra, meaning => meaning is Associated or Unassociated or CorelUnassociated);
        int sample = samples - extra.Length + first;
        return first < 0 || sample < colours ? (null, false) : (sample, extra[first] is Associated);
    }
}
