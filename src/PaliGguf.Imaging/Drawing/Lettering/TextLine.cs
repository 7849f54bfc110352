using System.Globalization;
using HarfBuzzSharp;
using SkiaSharp;
using Buffer = HarfBuzzSharp.Buffer;

namespace PaliGguf.Imaging.Drawing.Lettering;

/// <summary>One line of text in any script, shaped: ligatures, marks on their letters, each part in its direction.</summary>
internal sealed class TextLine
{
    // The part of Noto Sans' size that a capital letter is high.
    private const float CapitalShare = 0.714f;

    private TextLine(string text, float width, SKPath outline) => (Text, Width, Outline, Ink) = (text, width, outline, outline.TightBounds);

    public string Text { get; }

    /// <summary>From the first glyph's origin to the end of the last one's advance.</summary>
    public float Width { get; }

    /// <summary>The letters' outlines, from the left end of the base line, y down.</summary>
    public SKPath Outline { get; }

    /// <summary>The smallest box around the outlines; empty for a line of spaces.</summary>
    public SKRect Ink { get; }

    /// <summary>The size of type in which a capital letter has a height.</summary>
    public static float SizeOf(float capitalHeight) => capitalHeight / CapitalShare;

    /// <summary>Shapes a line.</summary>
    /// <param name="text">The text, without line breaks.</param>
    /// <param name="size">The size of type (the em) in pixels.</param>
    public static TextLine Shape(string text, float size)
    {
        List<Piece> pieces = Pieces(text);
        float x = 0;
        using SKPathBuilder outline = new();
        foreach (int index in BidiLine.VisualOrder(pieces.ConvertAll(piece => piece.Level)))
            x += Append(outline, text, pieces[index], x, size);
        return new TextLine(text, x, outline.Detach());
    }

    /// <summary>Cuts text where font, script or direction change, between the characters that a reader sees.</summary>
    private static List<Piece> Pieces(string text)
    {
        int[] levels = BidiLine.Levels(text), starts = StringInfo.ParseCombiningCharacters(text);
        List<Piece> pieces = [];
        for (int i = 0; i < starts.Length; i++)
        {
            int start = starts[i], end = i + 1 < starts.Length ? starts[i + 1] : text.Length;
            Piece next = new(start, end - start, levels[start], ShippedFont.For(text.AsSpan(start, end - start)), ScriptAt(text, start));
            if (pieces.Count > 0 && pieces[^1].TryJoin(next, out Piece joined)) pieces[^1] = joined;
            else pieces.Add(next);
        }

        return pieces;
    }

    private static Script ScriptAt(string text, int index) => UnicodeFunctions.Default.GetScript(char.ConvertToUtf32(text, index));

    private static float Append(SKPathBuilder outline, string text, Piece piece, float x, float size)
    {
        using Buffer buffer = new()
        {
            Direction = piece.Level % 2 == 0 ? Direction.LeftToRight : Direction.RightToLeft,
            Language = new HarfBuzzSharp.Language("und"),
        };
        buffer.AddUtf16(text.AsSpan(), piece.Start, piece.Length);
        buffer.GuessSegmentProperties();
        using Font shaper = new(piece.Font.Face);
        int units = piece.Font.Face.UnitsPerEm;
        shaper.SetScale(units, units);
        shaper.Shape(buffer);

        using SKFont font = new(piece.Font.Typeface, size) { Hinting = SKFontHinting.None, Subpixel = true, LinearMetrics = true };
        float scale = size / units, advance = 0;
        ReadOnlySpan<GlyphInfo> glyphs = buffer.GetGlyphInfoSpan();
        ReadOnlySpan<GlyphPosition> positions = buffer.GetGlyphPositionSpan();
        for (int i = 0; i < glyphs.Length; i++)
        {
            using SKPath? glyph = font.GetGlyphPath((ushort)glyphs[i].Codepoint);
            if (glyph is not null) outline.AddPath(glyph, x + advance + (positions[i].XOffset * scale), -positions[i].YOffset * scale);
            advance += positions[i].XAdvance * scale;
        }

        return advance;
    }

    private readonly record struct Piece(int Start, int Length, int Level, ShippedFont Font, Script Script)
    {
        private bool HasNoScript => Script == Script.Common || Script == Script.Inherited;

        public bool TryJoin(Piece next, out Piece joined)
        {
            joined = this with { Length = Length + next.Length, Script = HasNoScript ? next.Script : Script };
            return Level == next.Level && Font == next.Font && (Script == next.Script || HasNoScript || next.HasNoScript);
        }
    }
}
