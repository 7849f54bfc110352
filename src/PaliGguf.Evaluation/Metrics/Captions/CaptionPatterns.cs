#pragma warning disable MA0023 // Groups have numbers, as in the originals.
using System.Text.RegularExpressions;

namespace PaliGguf.Evaluation.Metrics.Captions;

/// <summary>
/// What a token of a caption looks like. A pattern begins where the search begins; the token is its first group, and what must follow
/// without being part of it lies behind that. The pattern that reaches farthest decides, of equal ones the first.
/// </summary>
internal static partial class CaptionPatterns
{
    // Of marks those of Hebrew, Arabic, Indic scripts, Thai and Lao, but no combining diacritics; the soft hyphen.
    private const string Marks =
        @"\u0483-\u0487\u0591-\u05BD\u05BF\u05C1\u05C2\u05C4\u05C5\u05C7\u0615-\u061A\u064B-\u065E\u0670\u06D6-\u06ED\u0711\u0730-\u074C"
        + @"\u07A6-\u07B0\u07EB-\u07F3\u0900-\u0903\u093C-\u0955\u0962\u0963\u0981-\u0983\u09BC-\u09D7\u09E2\u09E3\u0A01-\u0A4F"
        + @"\u0A81-\u0ACF\u0B82-\u0BCD\u0C01-\u0C56\u0D3E-\u0D48\u0E31-\u0E3A\u0E47-\u0E4E\u0EB1-\u0EBC\u0EC8-\u0ECD\u00AD";

    private const string L = @"[\p{L}" + Marks + "]";
    private const string A = @"[\p{L}\p{Nd}" + Marks + "]";
    private const string Apostrophe = @"['\u0092\u2019]";
    private const string Hyphen = @"[-\u058A\u2010\u2011_]";
    private const string Slash = @"\\?[/\u2044]";
    private const string Part = "(?:[dlo]" + Apostrophe + ")?" + A + "+";
    private const string Dotted = @"(?:ph\.d\.|[A-Z](?:\.[A-Z])+\.)";
    private const string NoWord = "(?!" + A + ")";
    private const RegexOptions Options = RegexOptions.CultureInvariant;
    private const RegexOptions AnyCase = Options | RegexOptions.IgnoreCase;

    /// <summary>In the order in which they win at equal length; each with how it is written.</summary>
    public static readonly CaptionPattern[] All =
    [
        new(Contraction(), Kind: CaptionPatternKind.Contraction),
        new(NegatedWord()),
        new(Clitic(), CaptionSpelling.PlainApostrophes),
        new(Elision()),
        new(Word(), Kind: CaptionPatternKind.Word),
        new(Compound(), Kind: CaptionPatternKind.Word),
        new(Alternatives()),
        new(Number()),
        new(Fraction(), CaptionSpelling.NoBreakSpaces),
        new(Telephone(), text => CaptionSpelling.Brackets(CaptionSpelling.NoBreakSpaces(text))),
        new(Initials(), Kind: CaptionPatternKind.Word),
        new(Address()),
        new(Mail()),
        new(Tag()),
        new(Markup(), CaptionSpelling.NoBreakSpaces),
        new(Smiley(), CaptionSpelling.Brackets),
        new(Year()),
        new(Run()),
        new(Dashes(), _ => "--"),
        new(Ellipsis(), _ => "..."),
        new(Entity()),
        new(Acronym(), Kind: CaptionPatternKind.Acronym),
    ];

    /// <summary>Whether a word of ASCII letters can be a contraction: a quick look.</summary>
    public static bool MayContract(ReadOnlySpan<char> word) =>
        word.Length is 5 or 6 && word[^2..] is [var first, var last]
        && (first, last) is ('n' or 'N' or 't' or 'T', 'a' or 'A') or ('m' or 'M', 'e' or 'E') or ('o' or 'O', 't' or 'T');

    // One word that stands for two.
    [GeneratedRegex(@"\G(cannot|gonna|gotta|lemme|gimme|wanna|'t(?:is|was))" + NoWord, AnyCase)]
    private static partial Regex Contraction();

    // "U.S.", "p.m.", "non-U.S."
    [GeneratedRegex(@"\G((?:" + Part + Hyphen + ")*" + Dotted + ")", AnyCase)]
    private static partial Regex Acronym();

    // Three or more full stops, with spaces between or without.
    [GeneratedRegex(@"\G(\.{3,5}|\.(?:[ \u00A0]\.){2,4}|[\u0085\u2026])", Options)]
    private static partial Regex Ellipsis();

    // "do" of "don't": as far as the "n't" reaches.
    [GeneratedRegex(@"\G(" + L + A + "*?)n['\u0092\u2019\u2018`]t", AnyCase)]
    private static partial Regex NegatedWord();

    [GeneratedRegex(@"\G(n['\u0092\u2019\u2018`]t|[\u0092\u2019](?:s|m|d|re|ve|ll)|'(?:s|m|d|re|ve|ll)(?!" + L + "))", AnyCase)]
    private static partial Regex Clitic();

    // "l'homme", "o'clock", "qu'il", "y'" of "y'all"; "pro-" of "pro- and contra".
    [GeneratedRegex(
        @"\G((?:pro|anti)-|n" + Apostrophe + L + "+|qu" + Apostrophe + "[aehiou]" + L + "*|[dlj]" + Apostrophe
            + "|[yj]" + Apostrophe + "(?=" + L + ")"
            + "|" + Apostrophe + "(?:n" + Apostrophe + "|em|till?|cause|n" + NoWord + ")"
            + "|[a-z]+[aeiouy]" + Apostrophe + "(?:[aeiou][a-z]*|medici)"
            + "|(?:o" + Apostrophe + "clock|ma" + Apostrophe + "am|c" + Apostrophe + "(?:mon|est)|cap" + Apostrophe + "n"
            + "|n?e" + Apostrophe + "er|s" + Apostrophe + "mores)" + NoWord + ")",
        AnyCase)]
    private static partial Regex Elision();

    // Also across a full stop without a space: "end.The".
    [GeneratedRegex(@"\G(c\+\+|[cf]#|" + L + A + "*(?:[.!?]" + L + A + "*)*)", AnyCase)]
    private static partial Regex Word();

    // "black-and-white", "3-year-old", "snake_case", "1.5-inch".
    [GeneratedRegex(@"\G(" + Part + @"[\p{L}\p{Nd}.,]{0,100}(?:" + Hyphen + Part + ")+|" + Part + ")", AnyCase)]
    private static partial Regex Compound();

    // "red/blue", "and/or/not", "24/7".
    [GeneratedRegex(@"\G([A-Za-z0-9]+(?:-[A-Za-z]+)*(?:" + Slash + "[A-Za-z0-9]+(?:-[A-Za-z]+)*){1,2})", Options)]
    private static partial Regex Alternatives();

    [GeneratedRegex(@"\G([-+]?(?:\d*(?:[.,:]\d+)+|\d+))", Options)]
    private static partial Regex Number();

    [GeneratedRegex(@"\G((?:\d{1,4}[- \u00A0])?\d{1,4}" + Slash + @"\d{1,4})" + NoWord, Options)]
    private static partial Regex Fraction();

    [GeneratedRegex(@"\G(\(\d{2,3}\)[ \u00A0]?\d{3,4}[- \u00A0]?\d{3,5}|(?:\+\d+[ \u00A0])?\d{2,4}[- \u00A0]\d{3,4}[- \u00A0]\d{3,5})"
        + NoWord, Options)]
    private static partial Regex Telephone();

    [GeneratedRegex(@"\G([A-Z]+(?:[&+][A-Z]+)+|[A-Z]{1,3}\$)", Options)]
    private static partial Regex Initials();

    [GeneratedRegex(
        @"\G(https?://[^\s""<>|()\u00A0]+\.[^\s""<>|(){}\u00A0]+[^\s""<>|.!?(){},;:'\u00A0-]"
            + @"|(?:[A-Z0-9][A-Z0-9_-]{0,100}\.){1,10}(?:com|net|org|edu)(?:/[^\s""<>|()\u00A0]*[^\s""<>|.!?(){},\u00A0-])?)",
        AnyCase)]
    private static partial Regex Address();

    [GeneratedRegex(@"\G((?:mailto:)?[A-Z0-9][^\s""<>|(){}&,;@\u00A0]{0,100}@[^\s""<>|(){}.\u00A0]+(?:\.[^\s""<>|(){}.\u00A0]+)*)",
        AnyCase)]
    private static partial Regex Mail();

    [GeneratedRegex(@"\G(@[A-Z_]\w*|#" + L + "+)", AnyCase)]
    private static partial Regex Tag();

    [GeneratedRegex(@"\G(</?[A-Z][^<>\r\n]{0,1000}>|<![^<>\r\n]{0,1000}>|<\?[^<>\r\n]{0,1000}>)", AnyCase)]
    private static partial Regex Markup();

    [GeneratedRegex(@"\G([<>]?[:;=]['-]?[()DdPO\\\[\]|{p]|:3|\^_\^)(?![A-Za-z0-9])", Options)]
    private static partial Regex Smiley();

    // Behind white space or at the end of the caption, "'99" is one; before anything else the apostrophe stands alone.
    [GeneratedRegex(@"\G(" + Apostrophe + @"(?:[0-9]{2}(?=[ \u00A0\r\n]|$)|[2-9]0s))", Options)]
    private static partial Regex Year();

    [GeneratedRegex(@"\G([?!]+|\*+|_+|#+|@+|-{5,}|--|``|'')", Options)]
    private static partial Regex Run();

    [GeneratedRegex(@"\G(-{2,4}|[\u0096\u0097\u2013\u2014\u2015]|&[mn]dash;)", Options)]
    private static partial Regex Dashes();

    // Those of characters that have a meaning are read before.
    [GeneratedRegex(@"\G(&(?:[a-z](?:acute|grave|circ|uml|tilde|cedil|ring|slash)|#[0-9]{1,6});)", AnyCase)]
    private static partial Regex Entity();
}

/// <summary>One of them.</summary>
/// <param name="Shape">What is matched.</param>
/// <param name="Spelling">How the token is written, where it is not as in the caption.</param>
/// <param name="Kind">What a full stop behind it means.</param>
internal sealed record CaptionPattern(
    Regex Shape, Func<string, string>? Spelling = null, CaptionPatternKind Kind = CaptionPatternKind.Other);

/// <summary>What a full stop in or behind a token means.</summary>
internal enum CaptionPatternKind
{
    /// <summary>It is a token of its own, and what the pattern finds is two.</summary>
    Contraction,

    /// <summary>It is a token of its own.</summary>
    Other,

    /// <summary>It may belong to the token.</summary>
    Word,

    /// <summary>It belongs to the token, and may end a sentence as well.</summary>
    Acronym,
}
