using System.Collections.Frozen;

namespace PaliGguf.Evaluation.Metrics.Captions;

/// <summary>Words that keep the full stop behind them.</summary>
internal static class CaptionAbbreviations
{
    // Never the end of a sentence.
    private static readonly FrozenSet<string> Inner = Words("""
        adm alex assoc asst atty attys ave brig capt cf cie cmdr col comdr cpl dept dr elec ft gen gov govs hon insp invt jos lt maj
        messrs mfg mr mrs ms mt natl pfc ph pres prof pvt rep reps rev sen sens sgt st ste supt treas vs wm
        """);

    // May be the end of a sentence.
    private static readonly FrozenSet<string> Final = Words("""
        al ala apr ariz assn aug bhd bldg blvd bros calif co colo conn corp cos ct dak dec esq est etc ext feb fla fri ga inc ind intl jan
        jr jul jun kan kans ky ltd mar md mich minn mo mon mont neb nev nov oct okla penn plc rd sep sept sq sr tel tenn thu thurs tue
        tues univ va vt wed wis wisc wyo
        """);

    // Words of their own in lower case.
    private static readonly FrozenSet<string> Capitalized = Words("ark az del ill la mass miss ore pa tex wash");

    // Only before a number.
    private static readonly FrozenSet<string> BeforeNumbers = Words("art ca fig figs no nos op pp prop");

    // With these, a sentence begins behind a word with a full stop.
    private static readonly FrozenSet<string> Openings = Words("""
        a about according additionally after an as at but earlier he her here however if in it last many more now once one other our she
        since so some such that the their then there these they this we what when while yet you mr. ms.
        """);

    /// <summary>Whether a full stop belongs to the word before it.</summary>
    /// <param name="word">The word.</param>
    /// <param name="rest">What follows the full stop.</param>
    /// <param name="following">The caption behind this one.</param>
    /// <param name="endsSentence">Whether it ends a sentence as well, and so counts twice.</param>
    public static bool Keeps(ReadOnlySpan<char> word, ReadOnlySpan<char> rest, ReadOnlySpan<char> following, out bool endsSentence)
    {
        endsSentence = false;
        if (word.Length == 1) return char.IsAsciiLetter(word[0]) && !BeginsSentence(rest, following);
        if (Contains(Inner, word)) return true;
        if (Contains(Final, word) || char.IsUpper(word[0]) && Contains(Capitalized, word))
        {
            endsSentence = BeginsWithCapital(rest, following);
            return true;
        }

        ReadOnlySpan<char> number = rest is [' ' or '\t', ..] ? rest[1..] : rest.IsEmpty ? following : rest;
        return number is [char digit, ..] && char.IsDigit(digit) && Contains(BeforeNumbers, word);
    }

    /// <summary>
    /// Whether a word like "U.S." ends a sentence: a degree before any capital letter, others before the words that open one.
    /// </summary>
    public static bool AcronymEndsSentence(ReadOnlySpan<char> acronym, ReadOnlySpan<char> rest, ReadOnlySpan<char> following) =>
        acronym.Equals("ph.d.", StringComparison.OrdinalIgnoreCase) ? BeginsWithCapital(rest, following) : BeginsSentence(rest, following);

    // Behind white space.
    private static bool BeginsWithCapital(ReadOnlySpan<char> rest, ReadOnlySpan<char> following)
    {
        ReadOnlySpan<char> next = SkipSpace(rest, following);
        return next is [char capital, ..] && char.IsUpper(capital)
            || IsMarkup(next, out _)
            || rest is [char first, char second, ..] && char.IsWhiteSpace(first) && char.IsWhiteSpace(second);
    }

    // Behind white space, with one of some words.
    private static bool BeginsSentence(ReadOnlySpan<char> rest, ReadOnlySpan<char> following)
    {
        ReadOnlySpan<char> next = SkipSpace(rest, following);
        if (IsMarkup(next, out int markup)) return markup < next.Length && char.IsWhiteSpace(next[markup]);
        if (next.IsEmpty || !char.IsUpper(next[0])) return false;
        int end = next.IndexOfAny(" \t\n\r\u00A0");
        return Contains(Openings, end < 0 ? next : next[..end]);
    }

    private static bool IsMarkup(ReadOnlySpan<char> text, out int length)
    {
        bool begins = text is ['<', char name, ..] && (char.IsAsciiLetter(name) || name == '/');
        length = begins ? text[1..].IndexOfAny('<', '>') + 2 : 0;
        return length > 2 && text[length - 1] == '>';
    }

    // What comes behind white space or in the next caption; nothing where neither is there.
    private static ReadOnlySpan<char> SkipSpace(ReadOnlySpan<char> rest, ReadOnlySpan<char> following)
    {
        ReadOnlySpan<char> trimmed = rest.TrimStart();
        return trimmed.IsEmpty ? following.TrimStart() : trimmed.Length < rest.Length ? trimmed : [];
    }

    private static bool Contains(FrozenSet<string> words, ReadOnlySpan<char> word) =>
        words.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);

    private static FrozenSet<string> Words(string text) =>
        text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
