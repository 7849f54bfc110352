namespace PaliGguf.Evaluation.Metrics.NGrams;

/// <summary>How often each n-gram occurs in a sentence: numbers in rising order, each with its count.</summary>
internal readonly ref struct NGramCounts
{
    private NGramCounts(int[] sorted, int[] counts, int different)
    {
        Numbers = sorted.AsSpan(0, different);
        Counts = counts.AsSpan(0, different);
        Total = sorted.Length;
    }

    public ReadOnlySpan<int> Numbers { get; }

    public ReadOnlySpan<int> Counts { get; }

    /// <summary>The sum of the counts.</summary>
    public int Total { get; }

    /// <summary>Counts n-grams.</summary>
    /// <param name="ngrams">Their numbers; they are sorted in place.</param>
    public static NGramCounts Of(int[] ngrams)
    {
        Array.Sort(ngrams);
        int[] counts = new int[ngrams.Length];
        int different = 0;
        for (int i = 0; i < ngrams.Length; i++)
        {
            if (i > 0 && ngrams[i] == ngrams[different - 1])
            {
                counts[different - 1]++;
                continue;
            }

            ngrams[different] = ngrams[i];
            counts[different] = 1;
            different++;
        }

        return new NGramCounts(ngrams, counts, different);
    }

    /// <summary>For each n-gram here, raises a number to how often another sentence has it.</summary>
    public void RaiseTo(NGramCounts other, Span<int> most)
    {
        int place = 0;
        for (int i = 0; i < Numbers.Length; i++)
        {
            while (place < other.Numbers.Length && other.Numbers[place] < Numbers[i]) place++;
            if (place == other.Numbers.Length) return;
            if (other.Numbers[place] == Numbers[i]) most[i] = Math.Max(most[i], other.Counts[place]);
        }
    }
}
