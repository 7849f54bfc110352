using System.Globalization;

namespace PaliGguf.Imaging.Drawing;

/// <summary>
/// One character as pen strokes. Notation: strokes are separated by '|', points "x,y" by spaces; y is up from the base line, capitals are 12 high. A
/// point after '~' lies off the stroke and bends it (a quadratic curve; between two such points lies one on the stroke), and 'z' closes the stroke.
/// </summary>
internal sealed class Glyph
{
    private Glyph(GlyphStroke[] strokes, float width) => (Strokes, Width) = (strokes, width);

    public GlyphStroke[] Strokes { get; }

    /// <summary>Where the last stroke's centre ends to the right; the first begins at 0.</summary>
    public float Width { get; }

    public static Glyph Blank(float width) => new([], width);

    public static Glyph Parse(string drawing)
    {
        GlyphStroke[] strokes = drawing.Split('|').Select(stroke => new GlyphStroke(ParseStroke(stroke), 1)).ToArray();
        return new Glyph(strokes, strokes.SelectMany(stroke => stroke.Points).Max(point => point.X));
    }

    /// <summary>A smaller copy, drawn with a finer pen.</summary>
    public Glyph Scaled(float factor) => Transformed(factor, 0, 0);

    public Glyph Moved(float right, float up) => Transformed(1, right, up);

    /// <summary>Both glyphs in one.</summary>
    public Glyph With(Glyph other, float? width = null) => new([.. Strokes, .. other.Strokes], width ?? Math.Max(Width, other.Width));

    private static GlyphPoint[] ParseStroke(string stroke)
    {
        List<GlyphPoint> points = [];
        foreach (string word in stroke.Split(' '))
        {
            if (word == "z")
            {
                points.Add(points[0]);
                continue;
            }

            bool bends = word[0] == '~';
            string[] numbers = word.TrimStart('~').Split(',');
            points.Add(new GlyphPoint(Number(numbers[0]), Number(numbers[1]), bends));
        }

        return [.. points];
    }

    private static float Number(string text) => float.Parse(text, CultureInfo.InvariantCulture);

    private Glyph Transformed(float factor, float right, float up) => new(
        Strokes.Select(stroke => new GlyphStroke(
            stroke.Points.Select(p => p with { X = (p.X * factor) + right, Y = (p.Y * factor) + up }).ToArray(),
            stroke.Pen * MathF.Sqrt(factor))).ToArray(),
        (Width * factor) + right);
}

/// <summary>One stroke.</summary>
/// <param name="Points">Where it goes; the first and the last point lie on it.</param>
/// <param name="Pen">The width of the pen, 1 for the typeface's own.</param>
internal sealed record GlyphStroke(GlyphPoint[] Points, float Pen);

/// <summary>A point of a stroke, or off it when it bends it.</summary>
internal readonly record struct GlyphPoint(float X, float Y, bool Bends);
