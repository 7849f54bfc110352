using System.Collections.Frozen;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace PaliGguf.Imaging.Drawing;

/// <summary>
/// A typeface of pen strokes for ASCII and Latin-1 in one letter height, fitted to the pixel grid so that small text is crisp. It looks the same on every
/// machine, whatever fonts that has. A character that it lacks is drawn as a box, with its code inside where that can be read.
/// </summary>
internal sealed class StrokeFont
{
    private const float CapitalUnits = 12, SmallUnits = 8, SpacingUnits = 3.9f;
    private const int CurveSteps = 8;

    // Coordinates of larger letters need no fitting: their strokes are wide enough.
    private const int MaxFittedHeight = 18;
    private const int MinHeightOfCodes = 20;

    private static readonly FrozenDictionary<char, Glyph> Glyphs = LoadGlyphs();

    private readonly float _unit;
    private readonly float _smallHeight;

    public StrokeFont(int letterHeight)
    {
        LetterHeight = letterHeight;
        _unit = letterHeight / CapitalUnits;
        _smallHeight = MathF.Round(letterHeight * 0.69f);
        PenWidth = Math.Max(1.15f, letterHeight / 6.8f);
        Spacing = (int)MathF.Max(2, MathF.Round(_unit * SpacingUnits));
    }

    /// <summary>From the base line to the top of a capital, centre to centre of the strokes.</summary>
    public int LetterHeight { get; }

    public float PenWidth { get; }

    private int Spacing { get; }

    /// <summary>The width of a line of text, pen included.</summary>
    public int Measure(string text) => Layout(text, (_, _) => { }) + (int)MathF.Ceiling(PenWidth);

    /// <summary>Draws a line of text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="left">Where the first stroke's outer edge lies.</param>
    /// <param name="baseLine">The row of pixels on which letters stand.</param>
    /// <param name="coverage">What to draw it to.</param>
    public void Draw(string text, int left, int baseLine, Coverage coverage)
    {
        // The middle of a pixel, so that a stem of one pixel covers one column.
        Vector2 origin = new(left + MathF.Floor(PenWidth / 2) + 0.5f, baseLine + 0.5f);
        Layout(text, (glyph, x) => Draw(glyph, origin with { X = origin.X + x }, coverage));
    }

    private static FrozenDictionary<char, Glyph> LoadGlyphs()
    {
        Dictionary<char, Glyph> glyphs = new() { [' '] = Glyph.Blank(2.5f) };
        for (int i = 0; i < AsciiGlyphs.Drawings.Length; i++) glyphs[(char)(AsciiGlyphs.First + i)] = Glyph.Parse(AsciiGlyphs.Drawings[i]);
        LatinGlyphs.AddTo(glyphs);
        return glyphs.ToFrozenDictionary();
    }

    private int Layout(string text, Action<Glyph, int> place)
    {
        int x = 0, end = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            // Marks that combine with the character before have no place of their own.
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format) continue;
            Glyph glyph = rune.IsBmp && Glyphs.TryGetValue((char)rune.Value, out Glyph? known) ? known : Missing(rune);
            place(glyph, x);
            end = x + (int)MathF.Round(glyph.Width * _unit);
            x = end + Spacing;
        }

        return end;
    }

    private Glyph Missing(Rune rune)
    {
        string code = rune.Value.ToString(rune.IsBmp ? "X4" : "X6");
        int columns = code.Length / 2;
        float width = LetterHeight < MinHeightOfCodes ? 7 : 1.9f + (4.1f * columns);
        Glyph box = Glyph.Parse(string.Create(CultureInfo.InvariantCulture, $"0,0 0,12 {width},12 {width},0 0,0 z"));
        if (LetterHeight < MinHeightOfCodes) return box;
        for (int i = 0; i < code.Length; i++)
        {
            box = box.With(Glyphs[code[i]].Scaled(0.3f).Moved(1.9f + (4.1f * (i % columns)), i < columns ? 6.7f : 1.7f), width);
        }

        return box;
    }

    private void Draw(Glyph glyph, Vector2 origin, Coverage coverage)
    {
        foreach ((GlyphPoint[] stroke, float pen) in glyph.Strokes)
        {
            float radius = Math.Max(1.05f, PenWidth * pen) / 2;
            Vector2 last = origin + Fit(glyph, stroke[0]);
            for (int i = 1; i < stroke.Length; i++)
            {
                Vector2 point = origin + Fit(glyph, stroke[i]);
                if (!stroke[i].Bends)
                {
                    coverage.AddLine(last, point, radius);
                    last = point;
                    continue;
                }

                Vector2 next = origin + Fit(glyph, stroke[i + 1]);
                Vector2 end = stroke[i + 1].Bends ? (point + next) / 2 : next;
                AddCurve(last, point, end, radius, coverage);
                last = end;
                if (!stroke[i + 1].Bends) i++;
            }
        }
    }

    private static void AddCurve(Vector2 from, Vector2 control, Vector2 to, float radius, Coverage coverage)
    {
        Vector2 last = from;
        for (int step = 1; step <= CurveSteps; step++)
        {
            float t = step / (float)CurveSteps;
            Vector2 point = (from * ((1 - t) * (1 - t))) + (control * (2 * t * (1 - t))) + (to * (t * t));
            coverage.AddLine(last, point, radius);
            last = point;
        }
    }

    /// <summary>From units up from the base line to pixels down, on whole pixels in small sizes.</summary>
    private Vector2 Fit(Glyph glyph, GlyphPoint point)
    {
        float small = _smallHeight / SmallUnits, rest = (LetterHeight - _smallHeight) / (CapitalUnits - SmallUnits);
        float y = point.Y switch
        {
            > CapitalUnits => LetterHeight + ((point.Y - CapitalUnits) * _unit),
            > SmallUnits => _smallHeight + ((point.Y - SmallUnits) * rest),
            >= 0 => point.Y * small,
            _ => point.Y * _unit,
        };

        float width = glyph.Width * _unit;
        float x = glyph.Width == 0 ? point.X : point.X * MathF.Round(width) / glyph.Width;
        if (LetterHeight > MaxFittedHeight) return new Vector2(x, -y);

        // Half pixels for what bends, or small curves would lose their shape.
        return new Vector2(MathF.Round(x * 2) / 2, -MathF.Round(y));
    }
}
