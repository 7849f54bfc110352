namespace PaliGguf.Hosting;

/// <summary>What somebody who misspelt a word may have meant.</summary>
internal static class Suggestion
{
    /// <summary>" (did you mean 'word'?)" for the known word that is closest, if one is close; else nothing.</summary>
    public static string For(string word, IEnumerable<string> known)
    {
        int most = Math.Max(1, word.TrimStart('-').Length / 3);
        string? best = known.MinBy(one => Distance(word, one));
        return best is not null && Distance(word, best) <= most ? $" (did you mean '{best}'?)" : "";
    }

    private static int Distance(string word, string known) => IsBegun(word, known) ? 1 : Edits(word, known);

    private static bool IsBegun(string one, string other) =>
        Math.Min(one.Length, other.Length) > 3
        && (one.StartsWith(other, StringComparison.Ordinal) || other.StartsWith(one, StringComparison.Ordinal));

    /// <summary>How many letters must be added, left out or changed to make one word of another (Levenshtein's distance).</summary>
    internal static int Edits(string from, string to)
    {
        int[] before = [.. Enumerable.Range(0, to.Length + 1)];
        for (int row = 1; row <= from.Length; row++)
        {
            int[] now = new int[to.Length + 1];
            now[0] = row;
            for (int column = 1; column <= to.Length; column++)
            {
                int changed = before[column - 1] + (from[row - 1] == to[column - 1] ? 0 : 1);
                now[column] = Math.Min(changed, Math.Min(before[column], now[column - 1]) + 1);
            }

            before = now;
        }

        return before[to.Length];
    }
}
