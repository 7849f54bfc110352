namespace PaliGguf.Imaging.Drawing;

/// <summary>How large lines and letters are on a picture.</summary>
internal sealed class DrawingSizes
{
    private const double ReferenceSide = 448, ReferenceLine = 2.6, ReferenceLetter = 9.6;

    // Less than in proportion: large pictures are mostly looked at from nearer by.
    private const double Growth = 0.75;

    public DrawingSizes(int width, int height, AnnotationStyle style)
    {
        double growth = Math.Pow(Math.Sqrt((double)width * height) / ReferenceSide, Growth);
        Line = style.LineWidth ?? (int)Math.Clamp(Math.Round(ReferenceLine * growth), 1, 1000);
        Letter = style.LetterHeight ?? (int)Math.Clamp(Math.Round(ReferenceLetter * growth), 7, 1000);
        Halo = Math.Max(1, (int)Math.Round(Line * 0.35));
        Padding = (int)Math.Max(2, Math.Round(Letter * 0.45));
    }

    /// <summary>The width of a box's line.</summary>
    public int Line { get; }

    /// <summary>The width of the dark line on both sides of it.</summary>
    public int Halo { get; }

    /// <summary>The height of a capital letter.</summary>
    public int Letter { get; }

    /// <summary>From a label's text to the edges of its field.</summary>
    public int Padding { get; }

    /// <summary>The width of the line around a mask.</summary>
    public float Outline => Math.Max(1.25f, Line * 0.65f);

    public float FrameRadius => Line * 1.5f;

    public float FieldRadius => Letter * 0.35f;
}
