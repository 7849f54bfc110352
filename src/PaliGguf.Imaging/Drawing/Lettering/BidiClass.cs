using System.Globalization;
using System.Text;

namespace PaliGguf.Imaging.Drawing.Lettering;

/// <summary>The classes of characters that the Unicode Bidirectional Algorithm (UAX #9) tells apart, as far as one line without formatting
/// characters needs them.</summary>
internal enum BidiClass
{
    Left,
    Right,
    ArabicLetter,
    EuropeanNumber,
    EuropeanSeparator,
    EuropeanTerminator,
    ArabicNumber,
    CommonSeparator,
    NonspacingMark,
    Neutral,
}

/// <summary>Tells the class of a character, by blocks where .NET has no property.</summary>
internal static class BidiClasses
{
    public static BidiClass Of(Rune rune)
    {
        if (rune.Value is 0x200E or 0x200F) return rune.Value == 0x200E ? BidiClass.Left : BidiClass.Right;
        UnicodeCategory category = Rune.GetUnicodeCategory(rune);
        if (category is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format
            or UnicodeCategory.Control)
        {
            return BidiClass.NonspacingMark;
        }

        switch (rune.Value)
        {
            case (>= 0x660 and <= 0x669) or 0x66B or 0x66C or (>= 0x10E60 and <= 0x10E7E)
                or (>= 0x10D30 and <= 0x10D39): return BidiClass.ArabicNumber;
            case (>= '0' and <= '9') or (>= 0x6F0 and <= 0x6F9) or (>= 0xFF10 and <= 0xFF19) or 0xB2 or 0xB3 or 0xB9
                or (>= 0x2070 and <= 0x2089 and not (>= 0x207A and <= 0x207F)):
                return BidiClass.EuropeanNumber;
            case '+' or '-' or 0x207A or 0x207B or 0x208A or 0x208B or 0x2212 or 0xFB29 or 0xFE62 or 0xFE63 or 0xFF0B
                or 0xFF0D: return BidiClass.EuropeanSeparator;
            case ',' or '.' or '/' or ':' or 0xA0 or 0x60C or 0x202F or 0x2044 or 0xFE50 or 0xFE52 or 0xFE55 or 0xFF0C or 0xFF0E or 0xFF0F
                or 0xFF1A: return BidiClass.CommonSeparator;
            case '#' or '%' or 0xB0 or 0xB1 or 0x66A or (>= 0x2030 and <= 0x2034) or 0x2213 or 0xFE5F or 0xFE6A or 0xFF03
                or 0xFF05: return BidiClass.EuropeanTerminator;
        }

        if (category == UnicodeCategory.CurrencySymbol && !IsArabic(rune.Value)) return BidiClass.EuropeanTerminator;
        bool letter = category <= UnicodeCategory.OtherLetter
            || category is UnicodeCategory.SpacingCombiningMark or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber;
        if (IsArabic(rune.Value))
            return letter || category == UnicodeCategory.OtherPunctuation ? BidiClass.ArabicLetter : BidiClass.Neutral;
        if (IsHebrewOrOtherRight(rune.Value)) return BidiClass.Right;
        return letter ? BidiClass.Left : BidiClass.Neutral;
    }

    private static bool IsArabic(int value) =>
        value is (>= 0x600 and <= 0x7BF) or (>= 0x860 and <= 0x8FF) or (>= 0xFB50 and <= 0xFDFF) or (>= 0xFE70 and <= 0xFEFE)
        or (>= 0x10D00 and <= 0x10D3F) or (>= 0x10EC0 and <= 0x10EFF)
            or (>= 0x10F30 and <= 0x10F6F) or (>= 0x1EC70 and <= 0x1ECBF) or (>= 0x1EE00 and <= 0x1EEFF);

    private static bool IsHebrewOrOtherRight(int value) =>
        value is (>= 0x590 and <= 0x5FF) or (>= 0x7C0 and <= 0x85F) or (>= 0xFB1D and <= 0xFB4F) or (>= 0x10800 and <= 0x10FFF)
        or (>= 0x1E800 and <= 0x1EFFF);
}
