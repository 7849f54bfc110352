using NetVips;

namespace PaliGguf.Imaging.Formats;

/// <summary>The YCbCr of a TIFF without JPEG to RGB, as TIFF 6.0 says in section 21.</summary>
internal sealed class LumaChroma
{
    private readonly double[,] _matrix;
    private readonly double[] _offsets;

    private LumaChroma(double[] luma, double[] reference)
    {
        (double red, double green, double blue) = (luma[0], luma[1], luma[2]);
        double[,] toRgb =
        {
            { 1, 0, 2 - (2 * red) },
            { 1, -blue * (2 - (2 * blue)) / green, -red * (2 - (2 * red)) / green },
            { 1, 2 - (2 * blue), 0 },
        };

        // The code for black and the code for white of each sample; for the two of chroma the middle and the end.
        _matrix = new double[3, 3];
        _offsets = new double[3];
        for (int to = 0; to < 3; to++)
        {
            _offsets[to] = 0.5;
            for (int from = 0; from < 3; from++)
            {
                double scale = (from == 0 ? 255 : 127) / (reference[(2 * from) + 1] - reference[2 * from]);
                _matrix[to, from] = toRgb[to, from] * scale;
                _offsets[to] -= _matrix[to, from] * reference[2 * from];
            }
        }
    }

    /// <summary>Reads the coefficients.</summary>
    /// <exception cref="InvalidImageContentException">They can not be, or the chroma is stored in a way that is not read.</exception>
    public static LumaChroma Read(TiffDirectory tags, int bits, int kind, string name)
    {
        bool isPlanar = (int)tags.First(284, 1) != 1;
        if (bits != 8 || kind != 1 || isPlanar) throw TiffSamples.Refused(name, "YCbCr of other than 8 bits, or in planes");
        if ((int)tags.First(277, 1) != 3) throw TiffSamples.Refused(name, "YCbCr with extra samples");

        // What is untold is 2 x 2.
        if (tags.Values(530) is not [1, 1]) throw TiffSamples.Refused(name, "YCbCr with subsampled chroma and without JPEG");
        double[] luma = Whole(tags.Values(529), [0.299, 0.587, 0.114], name);
        double[] reference = Whole(tags.Values(532), [0, 255, 128, 255, 128, 255], name);
        LumaChroma result = new(luma, reference);
        return result._offsets.All(double.IsFinite) && result._matrix.Cast<double>().All(double.IsFinite)
            ? result : throw TiffSamples.Refused(name, "its YCbCr coefficients are no numbers to compute with");
    }

    /// <summary>Adds the conversion to an image of 3 samples, which stays the caller's. The result has fractions, to be cut off.</summary>
    public Image ToRgb(Image image)
    {
        using Image matrix = Image.NewFromArray(_matrix);
        using Image turned = image.Recomb(matrix);
        return turned.Linear([1, 1, 1], _offsets);
    }

    private static double[] Whole(double[] values, double[] absent, string name) =>
        values.Length == 0 ? absent
        : values.Length == absent.Length ? values
        : throw TiffSamples.Refused(name, "its YCbCr coefficients are incomplete");
}
