using System.Text.RegularExpressions;

namespace PaliGguf.Evaluation.Metrics.Thai;

/// <summary>Thai character clusters: what no word break may split, as a vowel sign is not split from its consonant.</summary>
/// <remarks>
/// Theeramunkong and others, "Character cluster based Thai information retrieval", 2000, in the form that newmm uses. Of the patterns the
/// first that matches decides, not the longest; where none does, a cluster is one character.
/// </remarks>
internal static partial class ThaiClusters
{
    // A consonant, a tone mark, a silenced end of a syllable, and what must follow a vowel that a consonant letter ends.
    private const string C = "[\u0E01-\u0E2E]";
    private const string T = "[\u0E48-\u0E4B]?";
    private const string K = "(" + C + C + "?[\u0E39\u0E38\u0E34]?\u0E4C)?";
    private const string E = "(?=[\u0E40-\u0E44\u0E01-\u0E2E]|$)";

    private const string Patterns =
        "\\G(" + "\u0E40" + C + "\u0E47" + C + K
        + "|" + "\u0E40" + C + C + T + "\u0E32\u0E30" + K
        + "|" + "\u0E40" + C + C + "\u0E35" + T + "\u0E22\u0E30" + K
        + "|" + "\u0E40" + C + C + "\u0E35" + T + "\u0E22" + E + K
        + "|" + "\u0E40" + C + C + "\u0E47" + C + K
        + "|" + "\u0E40" + C + "\u0E34" + C + "\u0E4C" + C + K
        + "|" + "\u0E40" + C + "\u0E34" + T + C + K
        + "|" + "\u0E40" + C + "\u0E35" + T + "\u0E22\u0E30?" + K
        + "|" + "\u0E40" + C + "\u0E37" + T + "\u0E2D\u0E30?" + K
        + "|" + "\u0E40" + C + "[\u0E34\u0E35\u0E38\u0E39]" + T + "\u0E22" + E + K
        + "|" + "\u0E40" + C + T + "\u0E32?\u0E30?" + K
        + "|" + C + "\u0E31" + T + "\u0E27\u0E30" + K
        + "|" + C + "[\u0E31\u0E37]" + T + C + "[\u0E38\u0E34\u0E30]?" + K
        + "|" + C + "[\u0E34\u0E38\u0E39]\u0E4C"
        + "|" + C + "[\u0E30-\u0E39]" + T + K
        + "|" + C + "\u0E23\u0E23" + C + "\u0E4C"
        + "|" + C + "\u0E47"
        + "|" + C + T + "[\u0E30\u0E32\u0E33]?" + K
        + "|" + C + K
        + "|" + "\u0E41" + C + "\u0E47" + C
        + "|" + "\u0E41" + C + C + "\u0E4C"
        + "|" + "\u0E41" + C + T + "\u0E30"
        + "|" + "\u0E41" + C + C + "\u0E47" + C
        + "|" + "\u0E41" + C + C + C + "\u0E4C"
        + "|" + "\u0E42" + C + T + "\u0E30"
        + "|" + "[\u0E40-\u0E44]" + C + T
        + "|" + "\u0E01\u0E47"
        + "|" + "\u0E2D\u0E36"
        + "|" + "\u0E2B\u0E36"
        + ")";

    /// <summary>For each place from 0 to the text's length whether a cluster ends there; none does at 0.</summary>
    public static bool[] Ends(string text)
    {
        bool[] ends = new bool[text.Length + 1];
        for (int place = 0; place < text.Length;)
        {
            place += Length(text, place);
            ends[place] = true;
        }

        return ends;
    }

    private static int Length(string text, int place)
    {
        if (text[place] is >= '\u0E01' and <= '\u0E44')
        {
            foreach (ValueMatch match in Cluster().EnumerateMatches(text, place)) return match.Length;
        }

        return char.IsSurrogatePair(text, place) ? 2 : 1;
    }

    [GeneratedRegex(Patterns, RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Cluster();
}
