using System.Text.RegularExpressions;
using PaliGguf.Evaluation.Metrics.NGrams;

namespace PaliGguf.Evaluation.Metrics.Captions;

/// <summary>Whether English captions name the same things as often: "two dogs, a red car and a cat on a green background".</summary>
/// <remarks>
/// The harmonic mean of precision and recall of things with their counts, as pali-nano's card has it. What stands before " on " is taken
/// apart at commas and "and"; the last word of a part is the thing, in singular or plural, its first word the count (a, an, two, three,
/// four). Writing ("a text") is no thing, and captions whose reference names none do not count.
/// </remarks>
public static partial class CountedThings
{
    private const string Writing = "text";

    private static readonly string[] Numbers = ["", "a", "two", "three", "four"];

    /// <summary>Scores captions.</summary>
    /// <param name="predictions">The captions.</param>
    /// <param name="references">A reference for each.</param>
    /// <returns>For each caption its score, 0 to 1; null where the reference names nothing.</returns>
    /// <exception cref="ArgumentException">There is no caption, or the lists differ in length.</exception>
    public static IReadOnlyList<double?> Score(IReadOnlyList<string> predictions, IReadOnlyList<string> references)
    {
        Segments.CheckPairs(predictions, references);
        return [.. predictions.Zip(references, (prediction, reference) => Score(Count(prediction), Count(reference)))];
    }

    private static double? Score(Dictionary<string, int> found, Dictionary<string, int> expected)
    {
        int common = expected.Sum(pair => Math.Min(pair.Value, found.GetValueOrDefault(pair.Key)));
        return expected.Count == 0 ? null : 2.0 * common / (found.Values.Sum() + expected.Values.Sum());
    }

    private static Dictionary<string, int> Count(string caption)
    {
        Dictionary<string, int> counts = new(StringComparer.Ordinal);
        foreach (string part in Joints().Split(caption.Split(" on ")[0]))
        {
            string[] words = part.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2 || words[^1] == Writing) continue;
            string thing = Stem(words[^1]);
            counts[thing] = counts.GetValueOrDefault(thing) + Math.Max(1, Array.IndexOf(Numbers, words[0]));
        }

        return counts;
    }

    // "butterfly" and "butterflies", "bus" and "buses" have the same; no word for what it is.
    private static string Stem(string noun) => noun.TrimEnd('s').TrimEnd('e', 'i', 'y').TrimEnd('s');

    [GeneratedRegex(", | and ", RegexOptions.CultureInvariant)]
    private static partial Regex Joints();
}
