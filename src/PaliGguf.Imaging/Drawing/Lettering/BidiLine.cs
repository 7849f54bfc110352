using System.Globalization;
using System.Text;

namespace PaliGguf.Imaging.Drawing.Lettering;

/// <summary>
/// Which way each part of one line runs, by the Unicode Bidirectional Algorithm (UAX #9, rules P2, P3, W1 to W7, N0 to N2, I1, I2, L1 and
/// L2). Formatting characters (X1 to X8) are not for labels.
/// </summary>
internal static class BidiLine
{
    private const int MostOpenBrackets = 63;

    /// <summary>The embedding level of each char: even runs to the right, odd to the left.</summary>
    public static int[] Levels(string text)
    {
        BidiClass[] classes = Classes(text);
        int paragraph = IsRightToLeft(classes) ? 1 : 0;
        BidiClass embedding = paragraph == 0 ? BidiClass.Left : BidiClass.Right;
        ResolveWeak(classes, embedding);
        ResolveBrackets(text, classes, embedding);
        ResolveNeutral(classes, embedding);
        int[] levels = new int[classes.Length];
        for (int i = 0; i < levels.Length; i++)
        {
            levels[i] = classes[i] switch
            {
                BidiClass.Left => paragraph == 0 ? 0 : 2,
                BidiClass.Right => 1,
                _ => 2,
            };
        }

        for (int i = levels.Length - 1; i >= 0 && char.IsWhiteSpace(text[i]); i--) levels[i] = paragraph;
        return levels;
    }

    /// <summary>Whether a line begins at the right: its first letter tells.</summary>
    public static bool IsRightToLeft(string text) => IsRightToLeft(Classes(text));

    private static bool IsRightToLeft(BidiClass[] classes) =>
        classes.FirstOrDefault(c => c is BidiClass.Left or BidiClass.Right or BidiClass.ArabicLetter) is BidiClass.Right
            or BidiClass.ArabicLetter;

    /// <summary>The order in which pieces of given levels are seen from left to right.</summary>
    public static int[] VisualOrder(IReadOnlyList<int> levels)
    {
        int[] order = [.. Enumerable.Range(0, levels.Count)];
        for (int level = levels.DefaultIfEmpty().Max(); level > 0; level--)
        {
            for (int from = 0; from < order.Length; from++)
            {
                int to = from;
                while (to < order.Length && levels[order[to]] >= level) to++;
                if (to - from > 1) order.AsSpan(from, to - from).Reverse();
                if (to > from) from = to;
            }
        }

        return order;
    }

    private static BidiClass[] Classes(string text)
    {
        BidiClass[] classes = new BidiClass[text.Length];
        int at = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            classes.AsSpan(at, rune.Utf16SequenceLength).Fill(BidiClasses.Of(rune));
            at += rune.Utf16SequenceLength;
        }

        return classes;
    }

    private static void ResolveWeak(BidiClass[] classes, BidiClass embedding)
    {
        BidiClass before = embedding, strong = embedding;
        for (int i = 0; i < classes.Length; i++)
        {
            if (classes[i] == BidiClass.NonspacingMark) classes[i] = before;
            before = classes[i];
        }

        for (int i = 0; i < classes.Length; i++)
        {
            if (classes[i] is BidiClass.Left or BidiClass.Right or BidiClass.ArabicLetter) strong = classes[i];
            if (classes[i] == BidiClass.EuropeanNumber && strong == BidiClass.ArabicLetter) classes[i] = BidiClass.ArabicNumber;
        }

        for (int i = 0; i < classes.Length; i++)
        {
            if (classes[i] == BidiClass.ArabicLetter) classes[i] = BidiClass.Right;
            bool between = i > 0 && i + 1 < classes.Length && classes[i - 1] == classes[i + 1];
            if (!between) continue;
            if (classes[i] == BidiClass.EuropeanSeparator && classes[i - 1] == BidiClass.EuropeanNumber)
                classes[i] = BidiClass.EuropeanNumber;
            if (classes[i] == BidiClass.CommonSeparator && classes[i - 1] is BidiClass.EuropeanNumber or BidiClass.ArabicNumber)
                classes[i] = classes[i - 1];
        }

        strong = embedding;
        for (int i = 0; i < classes.Length; i++)
        {
            if (classes[i] == BidiClass.EuropeanTerminator)
            {
                int end = i;
                while (end < classes.Length && classes[end] == BidiClass.EuropeanTerminator) end++;
                bool beside = (i > 0 && classes[i - 1] == BidiClass.EuropeanNumber)
                    || (end < classes.Length && classes[end] == BidiClass.EuropeanNumber);
                classes.AsSpan(i, end - i).Fill(beside ? BidiClass.EuropeanNumber : BidiClass.Neutral);
            }

            if (classes[i] is BidiClass.EuropeanSeparator or BidiClass.CommonSeparator) classes[i] = BidiClass.Neutral;
        }

        for (int i = 0; i < classes.Length; i++)
        {
            if (classes[i] is BidiClass.Left or BidiClass.Right) strong = classes[i];
            if (classes[i] == BidiClass.EuropeanNumber && strong == BidiClass.Left) classes[i] = BidiClass.Left;
        }
    }

    /// <summary>A pair of brackets goes with the line's direction if anything inside does, else with what is inside if the text before runs
    /// that way too.</summary>
    private static void ResolveBrackets(string text, BidiClass[] classes, BidiClass embedding)
    {
        List<(int Open, int Close)> pairs = [];
        List<(int At, char Close)> open = [];
        for (int i = 0; i < classes.Length && open.Count < MostOpenBrackets; i++)
        {
            if (classes[i] != BidiClass.Neutral) continue;
            if (Closing(text[i]) is char close) open.Add((i, close));
            int match = open.FindLastIndex(one => one.Close == text[i]);
            if (match < 0) continue;
            pairs.Add((open[match].At, i));
            open.RemoveRange(match, open.Count - match);
        }

        foreach ((int from, int to) in pairs.OrderBy(pair => pair.Open))
        {
            BidiClass[] inside = [.. classes[(from + 1)..to].Where(one => one != BidiClass.Neutral).Select(Direction).Distinct()];
            if (inside.Length == 0) continue;
            BidiClass before = embedding;
            for (int i = from - 1; i >= 0; i--)
            {
                if (classes[i] == BidiClass.Neutral) continue;
                before = Direction(classes[i]);
                break;
            }

            classes[from] = classes[to] = inside.Contains(embedding) ? embedding : before;
        }
    }

    private static char? Closing(char opening) => opening switch
    {
        '(' => ')',
        '[' => ']',
        '{' => '}',
        > '\u00FF' when char.GetUnicodeCategory(opening) == UnicodeCategory.OpenPunctuation
            && char.GetUnicodeCategory((char)(opening + 1)) == UnicodeCategory.ClosePunctuation => (char)(opening + 1),
        _ => null,
    };

    private static void ResolveNeutral(BidiClass[] classes, BidiClass embedding)
    {
        for (int i = 0; i < classes.Length; i++)
        {
            if (classes[i] != BidiClass.Neutral) continue;
            int end = i;
            while (end < classes.Length && classes[end] == BidiClass.Neutral) end++;
            BidiClass left = i > 0 ? Direction(classes[i - 1]) : embedding,
                right = end < classes.Length ? Direction(classes[end]) : embedding;
            classes.AsSpan(i, end - i).Fill(left == right ? left : embedding);
            i = end - 1;
        }
    }

    /// <summary>Numbers count as running to the left here.</summary>
    private static BidiClass Direction(BidiClass one) => one == BidiClass.Left ? BidiClass.Left : BidiClass.Right;
}
