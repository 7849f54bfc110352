using NetVips;

namespace PaliGguf.Imaging.Formats;

/// <summary>
/// What the samples of a TIFF mean. libvips hands them on as they are stored; here they become grey, RGB or CMYK of 8 or 16 bits, with
/// alpha or without. Where the file does not tell what a sample means, it is refused.
/// </summary>
internal sealed partial record TiffSamples
{
    /// <summary>Colours that alpha was divided out of may lie above white by an error of rounding.</summary>
    private const double HalfStep = 1 / 512.0;

    private readonly string _name;

    private TiffSamples(string name) => _name = name;

    /// <summary>How many samples of a pixel are its colour, as libvips hands it on.</summary>
    private int Colours { get; init; }

    /// <summary>Which sample is the opacity, counted from 0; null for none. Associated alpha has been divided out by libvips.</summary>
    private int? Alpha { get; init; }

    /// <summary>Whether the file does not say that this sample is the opacity.</summary>
    private bool IsAlphaUntold { get; init; }

    private int Bits { get; init; }

    private bool IsFloat { get; init; }

    private bool IsLab { get; init; }

    private LumaChroma? LumaChroma { get; init; }

    /// <summary>Gives the samples of an image their meaning; the image stays the caller's.</summary>
    /// <exception cref="InvalidImageContentException">The sample that is said to be the opacity is missing.</exception>
    public Image Apply(Image image)
    {
        using Image chosen = Choose(image);
        if (IsLab) return CieLab.ToRgb(chosen);
        if (IsFloat) return Labelled(chosen.Linear([byte.MaxValue], [0.5]), Enums.BandFormat.Uchar);
        if (Bits == 32) return Labelled(chosen >> 24, Enums.BandFormat.Uchar);
        return LumaChroma is null ? Labelled(chosen.Copy(), chosen.Format) : Labelled(LumaChroma.ToRgb(chosen), Enums.BandFormat.Uchar);
    }

    /// <summary>
    /// The file as libvips is to read it: colours in Lab are given to it as any three samples, for it refuses those of 8 bits, takes D65
    /// for white and does not scale the opacity.
    /// </summary>
    public ReadOnlySpan<byte> Readable(ReadOnlySpan<byte> file) =>
        IsLab ? new TiffDirectory(file, _name).With(PhotometricTag, Rgb) : file;

    /// <summary>
    /// The same, without a sample that no tag calls the opacity and that is 0 everywhere: it would hide a picture that is there.
    /// </summary>
    /// <param name="file">The whole file, of which all pixels are decoded for this.</param>
    /// <param name="cancellationToken">Ends the call early, with an error of libvips.</param>
    /// <exception cref="VipsException">The file is damaged, or the call was cancelled.</exception>
    public TiffSamples WithoutEmptyAlpha(ReadOnlySpan<byte> file, CancellationToken cancellationToken)
    {
        if (!IsAlphaUntold || Alpha is not int alpha) return this;
        using Source source = Source.NewFromMemory(Readable(file));
        using Image image = VipsDecoder.Open(source, ImageFormat.Tiff);
        if (alpha >= image.Bands) return this;
        using Image opacity = image.ExtractBand(alpha);
        using CancellationTokenRegistration registration = cancellationToken.Register(() => opacity.SetKill(true));
        return opacity.Max() == 0 ? this with { Alpha = null } : this;
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
        using Image colour = image.ExtractBand(0, n: Math.Min(Colours, image.Bands));
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
}
