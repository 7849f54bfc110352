using System.Globalization;
using System.Text;

namespace PaliGguf.Evaluation.Metrics.Tokenization;

/// <summary>Numbers as Python's <c>float</c> reads them from a text.</summary>
/// <remarks>
/// White space around them, a sign, digits of any script with single underscores between them, a point, an exponent; <c>inf</c>,
/// <c>infinity</c> and <c>nan</c> in any letter case. No thousands separators, no currency.
/// </remarks>
internal static class PythonNumber
{
    public static bool TryParse(string text, out double value)
    {
        string number = PythonText.Strip(text);
        string unsigned = number.TrimStart('+', '-');
        int signs = number.Length - unsigned.Length;
        value = Named(unsigned);
        if (double.IsNaN(value) && !unsigned.Equals("nan", StringComparison.OrdinalIgnoreCase))
        {
            return signs <= 1 && Ascii(unsigned) is { } ascii
                && double.TryParse(number[..signs] + ascii, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
        }

        if (number.StartsWith('-')) value = -value;
        return signs <= 1;
    }

    private static double Named(string text) =>
        text.Equals("inf", StringComparison.OrdinalIgnoreCase) || text.Equals("infinity", StringComparison.OrdinalIgnoreCase)
            ? double.PositiveInfinity
            : double.NaN;

    // The same with ASCII's digits and no underscores; null where it is none of Python's numbers.
    private static string? Ascii(string text)
    {
        StringBuilder ascii = new(text.Length);
        bool digit = false;
        bool underscore = false;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune.Value == '_')
            {
                if (!digit) return null;
                (digit, underscore) = (false, true);
                continue;
            }

            digit = Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber;
            if (underscore && !digit) return null;
            underscore = false;
            if (digit) ascii.Append((char)('0' + (int)Rune.GetNumericValue(rune)));
            else if (rune.Value is '.' or 'e' or 'E' or '+' or '-') ascii.Append((char)rune.Value);
            else return null;
        }

        return underscore ? null : ascii.ToString();
    }
}
