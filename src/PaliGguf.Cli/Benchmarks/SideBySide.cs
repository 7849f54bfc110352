using PaliGguf.Language;

namespace PaliGguf.Cli.Benchmarks;

/// <summary>
/// How fast several requests decode together. They are started one after the other and go on: whenever there are as many as are to be measured, and each has its first token,
/// the rate is taken while nothing else but decoding happens. So each prefix is decoded once.
/// </summary>
internal static class SideBySide
{
    /// <summary>Tokens that the first request decodes between the others' prefixes, one each, with room to spare.</summary>
    private const int TokensPerStart = 8;

    /// <summary>How long the longest answer may become.</summary>
    /// <param name="counts">The numbers of requests.</param>
    /// <param name="tokens">How many tokens each decodes while a rate is taken.</param>
    public static int LongestAnswer(IReadOnlyList<int> counts, int tokens) => (counts.Count * (tokens + 1)) + (TokensPerStart * counts.Max());

    /// <summary>Takes the rates.</summary>
    /// <param name="model">A model with as many sequences as the largest number.</param>
    /// <param name="request">What each asks; its answer is long enough.</param>
    /// <param name="counts">The numbers of requests, in ascending order.</param>
    /// <param name="tokens">How many tokens each decodes while a rate is taken, at least 2.</param>
    /// <param name="begin">Told of each number.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>By the number of requests, the tokens per second of all of them.</returns>
    public static async Task<IReadOnlyDictionary<int, double>> MeasureAsync(
        PaliModel model, GenerationRequest request, IReadOnlyList<int> counts, int tokens, Action<int> begin, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        List<TimedAnswer> answers = [];
        Dictionary<int, double> rates = [];
        try
        {
            foreach (int count in counts)
            {
                begin(count);
                int before = answers.Count;
                while (answers.Count < count) answers.Add(new TimedAnswer(model.GenerateAsync(request, stop.Token)));
                foreach (TimedAnswer answer in answers.Skip(before)) await answer.ReachedAsync(1, cancellationToken);
                TimedAnswer newest = answers.Skip(before).MaxBy(answer => answer.TimeOf(0))!;
                await newest.ReachedAsync(1 + tokens, cancellationToken);
                rates[count] = answers.Sum(answer => answer.RateBetween(newest.TimeOf(0), newest.TimeOf(tokens)));
            }
        }
        finally
        {
            await stop.CancelAsync();
            foreach (TimedAnswer answer in answers) await answer.End.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return rates;
    }
}
