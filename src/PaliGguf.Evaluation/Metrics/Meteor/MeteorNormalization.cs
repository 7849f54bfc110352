using System.Text.RegularExpressions;

namespace PaliGguf.Evaluation.Metrics.Meteor;

/// <summary>
/// The words of a text as METEOR 1.5 finds them in English (its option <c>-norm</c>), in lower case. Only Latin and Cyrillic letters make
/// words: of other scripts each character is one.
/// </summary>
internal static partial class MeteorNormalization
{
    private const string Letters = "A-Za-zŠŽšžŸÀ-ÖØ-öø-žЀ-ӿԀ-ԧꙀ-ꙮ꙾-ꚗᴀ-ᵿ";

    // Stands for a full stop of several, until all others are looked at.
    private const char Dot = '\uE000';

    public static IReadOnlyList<string> Words(string text, MeteorResources resources)
    {
        string line = Sign().Replace($" {text} ", " $0 ");
        line = Dots().Replace(line, dots => $" {new string(Dot, dots.Length)} ");
        line = Comma().Replace(line, " , ");
        line = DoubleQuote().Replace(SingleQuote().Replace(line, "'"), " \" ");
        line = line.Replace('–', '-').Replace("--", "-", StringComparison.Ordinal);
        line = Hyphen().Replace(line, "$1 $2");
        line = Contraction().Replace(Apostrophe().Replace(line, " ' "), " '");
        string[] parts = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return [.. parts.SelectMany((part, i) => SplitStop(part, i + 1 < parts.Length ? parts[i + 1] : "", resources))
            .Select(word => word.Replace(Dot, '.').ToLowerInvariant())];
    }

    private static string[] SplitStop(string part, string next, MeteorResources resources)
    {
        if (part.Length < 2 || !part.EndsWith('.')) return [part];
        string stem = part[..^1];
        if (stem.Contains('.', StringComparison.Ordinal) && Letter().IsMatch(stem))
        {
            return [part.Replace(".", "", StringComparison.Ordinal)];
        }

        bool keeps = (next.Length > 0 && char.IsAsciiLetterLower(next[0])) || resources.IsAbbreviation(stem) switch
        {
            true => true,
            false => next.Length > 0 && char.IsAsciiDigit(next[0]),
            null => false,
        };
        return keeps ? [part] : [stem, "."];
    }

    // Pairs of surrogates are one character.
    [GeneratedRegex("[\uD800-\uDBFF][\uDC00-\uDFFF]|[^0-9" + Letters + @"\s.'`,\-‘’]", RegexOptions.CultureInvariant)]
    private static partial Regex Sign();

    [GeneratedRegex(@"\.{2,}", RegexOptions.CultureInvariant)]
    private static partial Regex Dots();

    [GeneratedRegex("(?<![0-9]),|,(?![0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex Comma();

    [GeneratedRegex("[`‘’]", RegexOptions.CultureInvariant)]
    private static partial Regex SingleQuote();

    [GeneratedRegex("[“”]|''", RegexOptions.CultureInvariant)]
    private static partial Regex DoubleQuote();

    [GeneratedRegex("(?<1>[0-9." + Letters + "])-(?<2>[0-9" + Letters + "])", RegexOptions.CultureInvariant)]
    private static partial Regex Hyphen();

    // Between a letter and a letter, and in 1990's, it belongs to what follows; anywhere else it stands alone.
    [GeneratedRegex("(?<![" + Letters + "])'(?![" + Letters + "])|(?<![0-9" + Letters + "])'|(?<=[" + Letters + "])'(?![" + Letters + "])",
        RegexOptions.CultureInvariant)]
    private static partial Regex Apostrophe();

    [GeneratedRegex("(?<=[" + Letters + "])'(?=[" + Letters + "])|(?<=[0-9])'(?=s)", RegexOptions.CultureInvariant)]
    private static partial Regex Contraction();

    [GeneratedRegex("[" + Letters + "]", RegexOptions.CultureInvariant)]
    private static partial Regex Letter();
}
