namespace PaliGguf.Evaluation.Metrics.Captions;

/// <summary>How the Penn Treebank writes what a caption says.</summary>
internal static class CaptionSpelling
{
    private const char NoBreakSpace = '\u00A0';
    private const char SoftHyphen = '\u00AD';

    /// <summary>Spaces inside a token.</summary>
    public static string NoBreakSpaces(string token) => token.Replace(' ', NoBreakSpace);

    /// <summary>Round brackets inside a token.</summary>
    public static string Brackets(string token) =>
        token.Replace("(", "-lrb-", StringComparison.Ordinal).Replace(")", "-rrb-", StringComparison.Ordinal);

    /// <summary>Typographic apostrophes.</summary>
    public static string PlainApostrophes(string token) => token.Replace('\u0092', '\'').Replace('\u2019', '\'').Replace('\u2018', '`');

    /// <summary>The letters of a word: what only tells where to break it vanishes.</summary>
    public static string Word(string token) =>
        token.Length > 1 && token.Contains(SoftHyphen, StringComparison.Ordinal)
            ? token.Replace("\u00AD", "", StringComparison.Ordinal)
            : token;

    /// <summary>A character by itself.</summary>
    /// <param name="text">The caption.</param>
    /// <param name="position">Where it stands.</param>
    /// <returns>How it is written; null where it is white space or nothing that a caption has.</returns>
    public static string? Character(string text, int position)
    {
        char c = text[position];
        return c switch
        {
            '(' => "-lrb-",
            ')' => "-rrb-",
            '[' => "-lsb-",
            ']' => "-rsb-",
            '{' => "-lcb-",
            '}' => "-rcb-",
            '"' => DoubleQuote(text, position + 1),
            '\'' => SingleQuote(text, position + 1),
            '\u0093' or '\u201C' or '\u00AB' => "``",
            '\u0094' or '\u201D' or '\u00BB' => "''",
            '\u0091' or '\u2018' or '\u201B' or '\u2039' => "`",
            '\u0092' or '\u2019' or '\u203A' => "'",
            '\u00A2' => "cents",
            '\u00A3' => "#",
            '\u0080' or '\u00A4' or '\u20A0' or '\u20AC' => "$",
            '\u00BC' => "1/4",
            '\u00BD' => "1/2",
            '\u00BE' => "3/4",
            '\u2153' => "1/3",
            '\u2154' => "2/3",
            SoftHyphen => "-",
            _ => IsSymbol(c) ? c.ToString() : null,
        };
    }

    /// <summary>A double quote opens before a letter, digit or amount, and closes elsewhere.</summary>
    public static string DoubleQuote(string text, int behind) =>
        behind < text.Length && (char.IsAsciiLetterOrDigit(text[behind]) || text[behind] == '$') ? "``" : "''";

    private static string SingleQuote(string text, int behind) =>
        behind + 1 < text.Length && char.IsAsciiLetter(text[behind]) && !char.IsWhiteSpace(text[behind + 1]) ? "`" : "'";

    private static bool IsSymbol(char c) =>
        char.IsAscii(c)
            ? !char.IsControl(c) && c != ' '
            : c is (>= '\u00A1' and <= '\u00BF' and not ('\u00A8' or '\u00AF')) or '\u00D7' or '\u00F7'
                or (>= '\u0600' and <= '\u0614') or '\u066A' or '\u066D' or '\u06D4' or '\u0E3F' or '\u0E4F'
                or (>= '\u2016' and <= '\u2060' and not ('\u2024' or '\u2025')) or (>= '\u2070' and <= '\u208E') or '\u20A4'
                or (>= '\u2100' and <= '\u214F') or (>= '\u2155' and <= '\u215E') or (>= '\u2190' and <= '\u2BFF')
                or '\u3001' or '\u3002' or '\u3012' or '\u30FB' or (>= '\uFFE0' and <= '\uFFE6')
            || c is >= '\uFF01' and <= '\uFF65' && !char.IsLetterOrDigit(c);
}
