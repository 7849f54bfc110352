using System.Globalization;
using System.Text;

namespace PaliGguf.Evaluation.Metrics.Tokenization;

/// <summary>What Python's strings do where .NET's do something else: most metrics are defined by programs in Python.</summary>
internal static class PythonText
{
    private const char CapitalSigma = '\u03A3';

    /// <summary><c>str.isspace</c> of one character: white space as .NET sees it, and the four separators of ASCII.</summary>
    public static bool IsSpace(char c) => char.IsWhiteSpace(c) || c is >= '\u001C' and <= '\u001F';

    /// <summary><c>text.split()</c>.</summary>
    public static List<string> Split(string text)
    {
        List<string> words = [];
        int start = -1;
        for (int i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && !IsSpace(text[i]))
            {
                if (start < 0) start = i;
            }
            else if (start >= 0)
            {
                words.Add(start == 0 && i == text.Length ? text : text[start..i]);
                start = -1;
            }
        }

        return words;
    }

    /// <summary><c>text.strip()</c>.</summary>
    public static string Strip(string text)
    {
        int start = 0;
        int end = text.Length;
        while (start < end && IsSpace(text[start])) start++;
        while (end > start && IsSpace(text[end - 1])) end--;
        return text[start..end];
    }

    /// <summary><c>text.rstrip()</c>.</summary>
    public static string StripEnd(string text)
    {
        int end = text.Length;
        while (end > 0 && IsSpace(text[end - 1])) end--;
        return text[..end];
    }

    /// <summary><c>text.lower()</c>: U+0130 becomes two code points, and a capital sigma at the end of a word the final one.</summary>
    public static string ToLower(string text)
    {
        string lower = text.ToLowerInvariant();
        if (!text.AsSpan().ContainsAny('\u0130', CapitalSigma)) return lower;
        StringBuilder result = new(lower.Length + 2);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '\u0130') result.Append("i\u0307");
            else if (text[i] == CapitalSigma) result.Append(EndsWord(text, i) ? '\u03C2' : '\u03C3');
            else result.Append(lower[i]);
        }

        return result.ToString();
    }

    // Unicode's Final_Sigma: a letter with case before it and none behind, whatever has no bearing on case between.
    private static bool EndsWord(string text, int sigma)
    {
        int before = sigma - 1;
        while (before >= 0 && IsCaseIgnorable(text[before])) before--;
        int after = sigma + 1;
        while (after < text.Length && IsCaseIgnorable(text[after])) after++;
        return before >= 0 && IsCased(text[before]) && !(after < text.Length && IsCased(text[after]));
    }

    private static bool IsCased(char c) =>
        CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter
        or UnicodeCategory.TitlecaseLetter;

    private static bool IsCaseIgnorable(char c) =>
        c is '\'' or '.' or ':' or '\u00B7' or '\u2019' or '\u2018' or '\u2024' or '\u2027'
        || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark
            or UnicodeCategory.Format
            or UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol;
}
