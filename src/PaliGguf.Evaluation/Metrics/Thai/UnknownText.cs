using System.Buffers;
using System.Globalization;
using System.Text;

namespace PaliGguf.Evaluation.Metrics.Thai;

/// <summary>How newmm goes on where no known word begins.</summary>
internal static class UnknownText
{
    private static readonly SearchValues<char> Spaces = SearchValues.Create(" \t");

    /// <summary>Where the token ends that begins at a place.</summary>
    public static int End(string text, int place, ThaiWordList words, bool[] legal)
    {
        int end = OtherScript(text, place);
        if (end > place) return end;
        end = place + 1;
        while (end < text.Length && !(legal[end] && (HasWord(text, end, words, legal) || OtherScript(text, end) > end))) end++;
        return end;
    }

    /// <summary>Where a number ends that begins at a place, without points and commas; the place itself where none does.</summary>
    public static int Digits(string text, int place)
    {
        while (place < text.Length && Rune.DecodeFromUtf16(text.AsSpan(place), out Rune rune, out int length) == OperationStatus.Done
            && Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber)
        {
            place += length;
        }

        return place;
    }

    // A word that is not just one or two consonants.
    private static bool HasWord(string text, int place, ThaiWordList words, bool[] legal)
    {
        ThaiWordList.WordEnds ends = words.EndsFrom(text, place);
        while (ends.MoveNext())
        {
            ReadOnlySpan<char> word = text.AsSpan(place, ends.Current - place);
            if (legal[ends.Current] && (word.Length > 2 || word.ContainsAnyExceptInRange('\u0E01', '\u0E2E')))
            {
                return true;
            }
        }

        return false;
    }

    // Letters of ASCII, a number, spaces, a line break, or anything else that is not Thai; the place itself where none begins.
    private static int OtherScript(string text, int place)
    {
        int end = place;
        while (end < text.Length && (char.IsAsciiLetter(text[end]) || text[end] == '-')) end++;
        if (end > place) return end;
        end = Number(text, place);
        if (end > place) return end;
        while (end < text.Length && Spaces.Contains(text[end])) end++;
        if (end > place) return end;
        if (text[place] == '\n') return place + 1;
        if (text.AsSpan(place).StartsWith("\r\n", StringComparison.Ordinal)) return place + 2;
        while (end < text.Length && text[end] is not ((>= '\u0E00' and <= '\u0E7F') or ' ' or '\t' or '\r' or '\n')) end++;
        return end;
    }

    private static int Number(string text, int place)
    {
        int end = Digits(text, place);
        while (end > place && end < text.Length && text[end] is ',' or '.')
        {
            int next = Digits(text, end + 1);
            if (next == end + 1) break;
            end = next;
        }

        return end;
    }
}
