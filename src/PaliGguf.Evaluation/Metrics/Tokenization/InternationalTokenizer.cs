using System.Globalization;
using System.Text;

namespace PaliGguf.Evaluation.Metrics.Tokenization;

/// <summary>
/// Tokenization "intl" of sacrebleu, after mteval-v14: Unicode punctuation stands alone unless it lies between digits or follows one at the
/// end, and symbols always do.
/// </summary>
public sealed class InternationalTokenizer : ITokenizer
{
    private static readonly Rune Space = new(' ');

    /// <summary>The tokenizer; it has no state.</summary>
    public static InternationalTokenizer Instance { get; } = new();

    /// <inheritdoc/>
    public IReadOnlyList<string> Tokenize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        List<Rune> runes = [.. text.EnumerateRunes()];
        runes = Rewrite(runes, (first, second) => !IsNumber(first)
            && Rune.IsPunctuation(second), (first, second) => [first, Space, second, Space]);
        runes = Rewrite(runes, (first, second) => Rune.IsPunctuation(first)
            && !IsNumber(second), (first, second) => [Space, first, Space, second]);
        StringBuilder line = new();
        foreach (Rune rune in runes)
        {
            bool symbol = Rune.IsSymbol(rune);
            if (symbol) line.Append(' ');
            line.Append(rune.ToString());
            if (symbol) line.Append(' ');
        }

        return PythonText.Split(line.ToString());
    }

    // As a substitution does it: pairs from left to right that do not overlap.
    private static List<Rune> Rewrite(List<Rune> runes, Func<Rune, Rune, bool> matches, Func<Rune, Rune, Rune[]> replacement)
    {
        List<Rune> result = new(runes.Count * 2);
        for (int i = 0; i < runes.Count; i++)
        {
            if (i + 1 < runes.Count && matches(runes[i], runes[i + 1])) result.AddRange(replacement(runes[i], runes[++i]));
            else result.Add(runes[i]);
        }

        return result;
    }

    private static bool IsNumber(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;
}
