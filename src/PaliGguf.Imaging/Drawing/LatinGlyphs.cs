namespace PaliGguf.Imaging.Drawing;

/// <summary>The drawings of U+00A1 to U+00FF and of some punctuation: own ones, letters with accents, and smaller copies of others.</summary>
internal static class LatinGlyphs
{
    private const float Superscript = 0.55f;

    // A letter, its plain form, and its accent, three characters each. The plain form of i is the dotless one.
    private const string Accented =
        "ÀA`ÁA´ÂA^ÃA~ÄA¨ÅA°ÇC¸ÈE`ÉE´ÊE^ËE¨ÌI`ÍI´ÎI^ÏI¨ÑN~ÒO`ÓO´ÔO^ÕO~ÖO¨ÙU`ÚU´ÛU^ÜU¨ÝY´àa`áa´âa^ãa~äa¨åa°çc¸èe`ée´êe^ëe¨ìı`íı´îı^ïı¨ñn~òo`óo´ôo^õo~öo¨ùu`úu´ûu^üu¨ýy´ÿy¨";

    /// <summary>Adds all of them to the glyphs of ASCII.</summary>
    public static void AddTo(Dictionary<char, Glyph> glyphs)
    {
        foreach ((char character, string drawing) in Own) glyphs[character] = Glyph.Parse(drawing);
        for (int i = 0; i < Accented.Length; i += 3)
        {
            Glyph plain = glyphs[Accented[i + 1]], accent = Glyph.Parse(Accents(Accented[i + 2]));
            float rise = char.IsUpper(Accented[i + 1]) && Accented[i + 2] != '¸' ? 4 : 0;
            float width = Math.Max(plain.Width, accent.Width);
            glyphs[Accented[i]] = plain.Moved((width - plain.Width) / 2, 0).With(accent.Moved((width - accent.Width) / 2, rise), width);
        }

        foreach ((char character, char digit) in (ReadOnlySpan<(char, char)>)[('¹', '1'), ('²', '2'), ('³', '3')])
        {
            glyphs[character] = glyphs[digit].Scaled(Superscript).Moved(0, 5.4f);
        }

        foreach ((char character, char upper, char lower) in (ReadOnlySpan<(char, char, char)>)[('¼', '1', '4'), ('½', '1', '2'), ('¾', '3', '4')])
        {
            Glyph raised = glyphs[upper].Scaled(Superscript).Moved(0, 5.4f), slash = glyphs['/'].Moved(raised.Width + 0.6f, 0);
            Glyph digit = glyphs[lower].Scaled(Superscript).Moved(slash.Width + 0.4f, 0);
            glyphs[character] = raised.With(slash).With(digit);
        }

        foreach ((char character, char letter) in (ReadOnlySpan<(char, char)>)[('ª', 'a'), ('º', 'o')])
        {
            glyphs[character] = glyphs[letter].Scaled(0.6f).Moved(0, 7.2f).With(Glyph.Parse("0,5 4,5"));
        }

        Glyph ring = Glyph.Parse("6,12 ~0,12 0,6 ~0,0 6,0 ~12,0 12,6 ~12,12 6,12 z");
        glyphs['©'] = ring.With(glyphs['C'].Scaled(0.48f).Moved(4.4f, 3.1f));
        glyphs['®'] = ring.With(glyphs['R'].Scaled(0.48f).Moved(4.4f, 3.1f));
        glyphs['\u00A0'] = glyphs[' '];
        glyphs['\u00AD'] = glyphs['\u2010'] = glyphs['\u2011'] = glyphs['-'];
    }

    private static string Accents(char accent) => accent switch
    {
        '`' => "0,12 2,9.8",
        '´' => "0,9.8 2,12",
        '^' => "0,9.8 2,12 4,9.8",
        '~' => "0,10 ~0.2,11.8 1.5,11.8 ~2.3,11.8 2.7,10.9 ~3.1,10 4,10 ~5.2,10 5.4,11.8",
        '¨' => "0,11.2 0,11.5|3.6,11.2 3.6,11.5",
        '°' => "1.5,13 ~0,13 0,11.6 ~0,10.2 1.5,10.2 ~3,10.2 3,11.6 ~3,13 1.5,13 z",
        _ => "1.2,0 1.2,-1.2 ~3,-1.2 3,-2.6 ~3,-4 0,-3.7",
    };

    private static readonly (char Character, string Drawing)[] Own =
    [
        ('ı', "0,8 0,0"),
        ('¡', "0,8 0,7.8|0,4 0,-4"),
        ('¢', "6,6.2 ~5.3,8 3.3,8 ~0,8 0,4 ~0,0 3.3,0 ~5.3,0 6,1.8|3.3,10 3.3,-2"),
        ('£', "6.8,10 ~6.4,12 4.5,12 ~2,12 2,9 2,3.5 ~2,1 0,0 7,0|0,6 5,6"),
        ('¤', "3.5,9 ~1,9 1,6 ~1,3 3.5,3 ~6,3 6,6 ~6,9 3.5,9 z|0,9.5 1.5,8|7,9.5 5.5,8|0,2.5 1.5,4|7,2.5 5.5,4"),
        ('¥', "0,12 4,6 8,12|4,6 4,0|1,6 7,6|1,3 7,3"),
        ('¦', "0,13.5 0,7|0,4 0,-2.5"),
        ('§', "5.2,10.8 ~4.6,12 2.8,12 ~0.5,12 0.5,10.2 ~0.5,8.8 3,8 ~5.7,7 5.7,5.2 ~5.7,3.8 4.2,3.2|1.6,8.6 ~0,8 0,6.4 ~0,5 2.8,4 ~5.3,3.2 5.3,1.4 "
            + "~5.3,-0.5 2.8,-0.5 ~0.8,-0.5 0.2,0.9"),
        ('¨', "0,11.2 0,11.5|3.6,11.2 3.6,11.5"),
        ('«', "3.5,7.5 0,4.3 3.5,1|7,7.5 3.5,4.3 7,1"),
        ('¬', "0,6.5 7,6.5 7,3"),
        ('¯', "0,11.5 5,11.5"),
        ('°', "2,12 ~0,12 0,10 ~0,8 2,8 ~4,8 4,10 ~4,12 2,12 z"),
        ('±', "3.5,10 3.5,3|0,6.5 7,6.5|0,1 7,1"),
        ('´', "0,9.8 2,12"),
        ('µ', "0,8 0,-4|0,3.2 ~0,0 2.9,0 ~6,0 6,3.5|6,8 6,0"),
        ('¶', "5,-2 5,12|7.5,-2 7.5,12 3,12 ~0,12 0,9 ~0,6 3,6 5,6"),
        ('·', "0,5.4 0,5.7"),
        ('¸', "1.2,0 1.2,-1.2 ~3,-1.2 3,-2.6 ~3,-4 0,-3.7"),
        ('»', "0,7.5 3.5,4.3 0,1|3.5,7.5 7,4.3 3.5,1"),
        ('¿', "6,-1.6 ~5.6,-4 3,-4 ~0,-4 0,-1.4 ~0,0.4 1.6,1.5 ~3,2.5 3,4.2|3,7.8 3,8"),
        ('Æ', "0,0 5,12 11,12|5.5,12 5.5,0 11,0|5.5,6.4 10,6.4|1.7,4 5.5,4"),
        ('Ð', "1.4,0 1.4,12 4.6,12 ~9,12 9,7 9,5 ~9,0 4.6,0 1.4,0 z|0,6.4 4.6,6.4"),
        ('×', "0,2.5 6,8.5|0,8.5 6,2.5"),
        ('Ø', "4.4,12 ~0,12 0,7 0,5 ~0,0 4.4,0 ~8.8,0 8.8,5 8.8,7 ~8.8,12 4.4,12 z|0.2,-1 8.6,13"),
        ('Þ', "0,0 0,12|0,9.5 4,9.5 ~7.3,9.5 ~7.3,3 4,3 0,3"),
        ('ß', "0,0 0,9 ~0,12 3,12 ~6,12 6,9.5 ~6,7.5 3.6,7 ~7,6.5 7,3.2 ~7,0 4,0 3,0"),
        ('æ', "0.5,6.6 ~1.2,8 3,8 ~5.4,8 5.4,5.3 5.4,2.5|5.4,4.6 3,4.6 ~0,4.6 0,2.3 ~0,0 2.5,0 ~5.4,0 5.4,3|5.4,4.2 11,4.2 ~11,8 8.2,8 ~5.4,8 5.4,4 "
            + "~5.4,0 8.3,0 ~10,0 10.7,1.6"),
        ('ð', "1.8,12 ~6.6,10 6.6,4 ~6.6,0 3.3,0 ~0,0 0,3.6 ~0,7.2 3.2,7.2 ~6,7.2 6.5,4.5|1.4,9.2 5.4,11.6"),
        ('÷', "0,5.5 7,5.5|3.5,9 3.5,9.2|3.5,2 3.5,1.8"),
        ('ø', "3.3,8 ~0,8 0,4 ~0,0 3.3,0 ~6.6,0 6.6,4 ~6.6,8 3.3,8 z|0.2,-1 6.4,9"),
        ('þ', "0,12 0,-4|0,4.5 ~0,8 3.2,8 ~6.5,8 6.5,4 ~6.5,0 3.2,0 ~0,0 0,3.5"),
        ('\u2013', "0,4.6 6,4.6"),
        ('\u2014', "0,4.6 10,4.6"),
        ('\u2018', "0,12.2 1,9.8"),
        ('\u2019', "1,12.2 0,9.8"),
        ('\u201C', "0,12.2 1,9.8|3,12.2 4,9.8"),
        ('\u201D', "1,12.2 0,9.8|4,12.2 3,9.8"),
        ('\u2022', "0.2,5 0.6,5.4|0.6,5 0.2,5.4"),
        ('\u2026', "0,0 0,0.2|3.6,0 3.6,0.2|7.2,0 7.2,0.2"),
        ('\u20AC', "8,10 ~7,12 5.2,12 ~1.6,12 1.6,7 1.6,5 ~1.6,0 5.2,0 ~7,0 8,2|0,7.4 6,7.4|0,4.6 6,4.6"),
    ];
}
