namespace PaliGguf.Tests.Language;

/// <summary>The reference's beam search, step by step on lists of whole sequences.</summary>
internal static class NaiveBeamSearch
{
    /// <param name="beams">How many sequences live.</param>
    /// <param name="maxTokens">The longest answer.</param>
    /// <param name="tokens">What sequences are made of.</param>
    /// <param name="end">The token that ends them.</param>
    /// <param name="after">The log-probability of each token after a sequence.</param>
    public static (int[] Answer, double Score) Run(int beams, int maxTokens, int[] tokens, int end, Func<int[], double[]> after)
    {
        List<(int[] Tokens, double Score)> live = [([], 0)];
        (int[] Answer, double Score) best = ([], double.NegativeInfinity);
        for (int length = 0; length <= maxTokens; length++)
        {
            foreach ((int[] sequence, double score) in live)
            {
                double ended = score + after(sequence)[end];
                if (ended > best.Score) best = (sequence, ended);
            }

            if (length == maxTokens) break;
            live = live.SelectMany(item => tokens.Select(token => (Tokens: (int[])[.. item.Tokens, token], Score: item.Score + after(item.Tokens)[token])))
                .OrderByDescending(item => item.Score).Take(beams).ToList();
            if (live.Max(item => item.Score) < best.Score) break;
        }

        return best;
    }

    /// <summary>The most probable of all answers up to a length.</summary>
    public static (int[] Answer, double Score) Exhaust(int maxTokens, int[] tokens, int end, Func<int[], double[]> after)
    {
        IEnumerable<(int[], double)> From(int[] sequence, double score)
        {
            yield return (sequence, score + after(sequence)[end]);
            if (sequence.Length == maxTokens) yield break;
            foreach ((int[], double) longer in tokens.SelectMany(token => From([.. sequence, token], score + after(sequence)[token]))) yield return longer;
        }

        return From([], 0).MaxBy(item => item.Item2);
    }
}
