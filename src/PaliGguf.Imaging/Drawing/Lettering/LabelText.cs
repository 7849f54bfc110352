using System.Globalization;
using System.Text;

namespace PaliGguf.Imaging.Drawing.Lettering;

/// <summary>Any label as one line that can be shaped: labels come from models and requests.</summary>
internal static class LabelText
{
    private const int MostChars = 4096;

    // Vietnamese, Thai and Hebrew need two or three; a tower of them would leave the label's field.
    private const int MostMarks = 4;

    /// <summary>Control characters become spaces, those that change the direction of text go, halves of surrogate pairs become U+FFFD, and
    /// marks do not pile up.</summary>
    public static string Clean(string label)
    {
        StringBuilder clean = new();
        int marks = 0;
        foreach (Rune rune in label.EnumerateRunes())
        {
            if (clean.Length >= MostChars) break;
            UnicodeCategory category = Rune.GetUnicodeCategory(rune);
            marks = category is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark ? marks + 1 : 0;
            if (marks > MostMarks || rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069)) continue;
            bool blank = category is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
            clean.Append(blank ? " " : rune.Value is 0xFFFE or 0xFFFF ? "\uFFFD" : rune.ToString());
        }

        return clean.ToString().Trim();
    }
}
