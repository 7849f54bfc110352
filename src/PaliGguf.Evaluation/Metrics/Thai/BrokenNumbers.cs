namespace PaliGguf.Evaluation.Metrics.Thai;

/// <summary>Joins the tokens of numbers that a segmentation has split: 10:30, 1,234.50, 127.0.0.1.</summary>
internal static class BrokenNumbers
{
    /// <summary>Leaves out the ends of tokens inside numbers.</summary>
    /// <param name="text">The text.</param>
    /// <param name="ends">Where its tokens end.</param>
    public static IReadOnlyList<int> Join(string text, IReadOnlyList<int> ends)
    {
        List<int> joined = new(ends.Count);
        int start = 0;
        int token = 0;
        foreach ((int from, int to) in Find(text))
        {
            while (token < ends.Count && start < from) joined.Add(start = ends[token++]);
            if (start >= to) continue;
            while (token < ends.Count && start < to) start = ends[token++];
            joined.Add(start);
        }

        joined.AddRange(ends.Skip(token));
        return joined;
    }

    // Digits with single points, commas or colons between them, at least one.
    private static IEnumerable<(int From, int To)> Find(string text)
    {
        for (int place = 0; place < text.Length;)
        {
            int end = UnknownText.Digits(text, place);
            if (end == place)
            {
                place++;
                continue;
            }

            int from = place;
            bool separated = false;
            while (end < text.Length && text[end] is '.' or ',' or ':' && UnknownText.Digits(text, end + 1) is int next && next > end + 1)
            {
                end = next;
                separated = true;
            }

            if (separated) yield return (from, end);
            place = end;
        }
    }
}
