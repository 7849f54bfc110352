namespace PaliGguf.Imaging.Drawing;

/// <summary>An sRGB colour.</summary>
internal readonly record struct Colour(byte Red, byte Green, byte Blue)
{
    public static Colour Ink { get; } = new(0x12, 0x12, 0x14);

    public static Colour White { get; } = new(0xFF, 0xFF, 0xFF);

    /// <summary>Ink or white, whichever is read better on this colour.</summary>
    public Colour Contrasting => Contrast(this, Ink) >= Contrast(this, White) ? Ink : White;

    public static Colour FromRgb(int rgb) => new((byte)(rgb >> 16), (byte)(rgb >> 8), (byte)rgb);

    /// <summary>The contrast ratio of the Web Content Accessibility Guidelines, 1 to 21.</summary>
    public static double Contrast(Colour one, Colour other)
    {
        (double a, double b) = (one.Luminance(), other.Luminance());
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    public override string ToString() => $"#{Red:x2}{Green:x2}{Blue:x2}";

    private double Luminance()
    {
        return (0.2126 * Linear(Red)) + (0.7152 * Linear(Green)) + (0.0722 * Linear(Blue));

        static double Linear(byte value)
        {
            double v = value / 255.0;
            return v <= 0.04045 ? v / 12.92 : Math.Pow((v + 0.055) / 1.055, 2.4);
        }
    }
}
