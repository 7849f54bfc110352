using NetVips;

namespace PaliGguf.Imaging.Formats;

/// <summary>
/// What the samples of a TIFF mean. libvips hands them on as they are stored; here they become grey, RGB or CMYK of 8 or 16 bits, with
/// alpha or without. Where the file does not tell what a sample means, it is refused.
/// </summary>
internal sealed record TiffSamples
{
    private const int WhiteIsZero = 0, BlackIsZero = 1, Rgb = 2, Palette = 3, Separated = 5, YCbCr = 6, Lab = 8;
    private const int Unsigned = 1, Float = 3;
    private const int Associated = 1, Unassociated = 2, CorelUnassociated = 999;

    /// <summary>Colours that alpha was divided out of may lie above white by an error of rounding.</summary>
    private const double HalfStep = 1 / 512.0;

    private readonly string _name;

    private TiffSamples(string name) => _name = name;

    /// <summary>How many samples of a pixel are its colour, as libvips hands it on.</summary>
    private int Colours { get; init; }

    /// <summary>Which sample is the opacity, counted from 0; null for none. Associated alpha has been divided out by libvips.</summary>
    private int? Alpha { get; init; }

    private int Bits { get; init; }

    private bool IsFloat { get; init; }

    private bool IsLab { get; init; }

    private LumaChroma? LumaChroma { get; init; }

    /// <summary>Reads what the file says of its first picture.</summary>
    /// <exception cref="InvalidImageContentException">The meaning is not known, or the directory is damaged.</exception>
    public static TiffSamples Read(ReadOnlySpan<byte> file, string name)
    {
        TiffDirectory tags = new(file, name);
        int photometric = (int)tags.First(262, -1), bits = (int)tags.First(258, 1), kind = (int)tags.First(339, Unsigned);
        int colours = photometric switch
        {
            WhiteIsZero or BlackIsZero => 1,
            Rgb or Palette or YCbCr or Lab => 3,
            Separated when (int)tags.First(332, 1) == 1 => 4,
            Separated => throw Refused(name, "its inks are not cyan, magenta, yellow and black"),
            _ => throw Refused(name, $"photometric interpretation {photometric}: the samples are no grey, RGB, CMYK, YCbCr or Lab colours"),
        };
        if (photometric != Lab) CheckNumbers(kind, bits, name);
        if (photometric == WhiteIsZero && kind == Float) throw Refused(name, "its samples are floating-point numbers with 0 for white");
        (int? alpha, bool associated) = FindAlpha(tags, photometric == Palette ? 1 : colours);
        if (associated && bits == 32 && kind == Unsigned) throw Refused(name, "32-bit integers premultiplied with alpha");
        return new TiffSamples(name)
        {
            Colours = colours,
            Alpha = photometric == Palette ? alpha + 2 : alpha,
            Bits = bits,
            IsFloat = kind == Float,
            IsLab = photometric == Lab,

            // JPEG inside of a TIFF is handed on as RGB.
            LumaChroma = photometric == YCbCr && (int)tags.First(259, 1) is not (6 or 7) ? LumaChroma.Read(tags, bits, kind, name) : null,
        };
    }

    /// <summary>Gives the samples of an image their meaning; the image stays the caller's.</summary>
    /// <exception cref="InvalidImageContentException">The sample that is said to be the opacity is missing.</exception>
    public Image Apply(Image image)
    {
        using Image chosen = Choose(image);
        if (IsLab) return chosen.Copy();
        if (IsFloat) return Labelled(chosen.Linear([byte.MaxValue], [0.5]), Enums.BandFormat.Uchar);
        if (Bits == 32) return Labelled(chosen >> 24, Enums.BandFormat.Uchar);
        return LumaChroma is null ? Labelled(chosen.Copy(), chosen.Format) : Labelled(LumaChroma.ToRgb(chosen), Enums.BandFormat.Uchar);
    }

    /// <summary>Makes sure that numbers with a fraction lie where they can be shown.</summary>
    /// <param name="file">
    /// The whole file, of which all pixels are decoded for this: an image of libvips can be gone through only once.
    /// </param>
    /// <param name="cancellationToken">Ends the call early, with an error of libvips.</param>
    /// <exception cref="InvalidImageContentException">They do not.</exception>
    /// <exception cref="VipsException">The file is damaged, or the call was cancelled.</exception>
    public void CheckRange(ReadOnlySpan<byte> file, CancellationToken cancellationToken)
    {
        if (!IsFloat || IsLab) return;
        using Source source = Source.NewFromMemory(file);
        using Image image = VipsDecoder.Open(source, ImageFormat.Tiff);
        using Image chosen = Choose(image);
        using Image enough = chosen >= -HalfStep;
        using Image notTooMuch = chosen <= 1 + HalfStep;
        using Image within = enough & notTooMuch;
        using CancellationTokenRegistration registration = cancellationToken.Register(() => within.SetKill(true));
        if (within.Min() == 0) throw Refused(_name, "its floating-point samples go beyond 0 to 1, and which is white is not known");
    }

    private Image Choose(Image image)
    {
        int colours = Math.Min(Colours, image.Bands);
        using Image colour = image.ExtractBand(0, n: colours);
        if (Alpha is not int alpha) return colour.Copy();
        if (alpha >= image.Bands) throw Refused(_name, $"its sample {alpha + 1}, the opacity, is not read");
        using Image opacity = image.ExtractBand(alpha);
        return colour.Bandjoin(opacity);
    }

    private Image Labelled(Image samples, Enums.BandFormat format)
    {
        using Image owned = samples;
        using Image cast = samples.Cast(format);
        bool wide = format == Enums.BandFormat.Ushort;
        return cast.Copy(interpretation: Colours switch
        {
            1 => wide ? Enums.Interpretation.Grey16 : Enums.Interpretation.Bw,
            3 => wide ? Enums.Interpretation.Rgb16 : Enums.Interpretation.Srgb,
            _ => Enums.Interpretation.Cmyk,
        });
    }

    private static void CheckNumbers(int kind, int bits, string name)
    {
        bool known = kind switch
        {
            Unsigned or 4 => bits is 1 or 2 or 4 or 8 or 16 or 32,
            Float => bits is 16 or 32,
            2 => throw Refused(name, "its samples are signed numbers, and which is white is not known"),
            _ => throw Refused(name, "its samples are complex numbers"),
        };
        if (!known) throw Refused(name, $"its samples have {bits} bits");
    }

    /// <summary>
    /// The first extra sample that is opacity (section 18); a single one that the file says nothing of is, too: many programs write that.
    /// </summary>
    private static (int? Sample, bool Associated) FindAlpha(TiffDirectory tags, int colours)
    {
        int samples = (int)tags.First(277, 1);
        double[] extra = tags.Values(338);
        if (extra.Length == 0) return (samples == colours + 1 ? colours : null, false);
        int first = Array.FindIndex(extra, meaning => meaning is Associated or Unassociated or CorelUnassociated);
        int sample = samples - extra.Length + first;
        return first < 0 || sample < colours ? (null, false) : (sample, extra[first] is Associated);
    }

    internal static InvalidImageContentException Refused(string name, string problem) =>
        VipsDecoder.Damaged(ImageFormat.Tiff, name, $" ({problem}; store it as RGB with 8 or 16 bits)");
}
