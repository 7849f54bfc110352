using PaliGguf.Evaluation.Statistics;

namespace PaliGguf.Evaluation.Reports;

/// <summary>Answers of about the same length.</summary>
/// <param name="Shortest">The shortest length, in tokens.</param>
/// <param name="Longest">The longest.</param>
/// <param name="Answers">Their number.</param>
/// <param name="Mean">Their mean score; null without answers.</param>
/// <param name="Interval">Its interval.</param>
public sealed record LengthGroup(int Shortest, int Longest, int Answers, double? Mean, Interval? Interval)
{
    private const int Most = 8;

    /// <summary>The first lengths of groups of about the same number of answers: at most eight.</summary>
    internal static int[] Limits(IEnumerable<int> lengths)
    {
        int[] sorted = [.. lengths.Order()];
        int[] different = [.. sorted.Distinct()];
        return different.Length <= Most
            ? different
            : [.. Enumerable.Range(0, Most).Select(group => sorted[(int)((long)group * sorted.Length / Most)]).Distinct()];
    }

    /// <summary>Groups answers.</summary>
    /// <param name="answers">Their lengths and scores.</param>
    /// <param name="limits">The first length of each group, in rising order.</param>
    /// <param name="options">How many resamples, and which.</param>
    internal static IReadOnlyList<LengthGroup> Of(
        IReadOnlyList<(int Length, double Score)> answers, IReadOnlyList<int> limits, ReportOptions options)
    {
        int longest = answers.Select(answer => answer.Length).DefaultIfEmpty().Max();
        return [.. limits.Select((first, i) =>
        {
            int last = i + 1 < limits.Count ? limits[i + 1] - 1 : Math.Max(first, longest);
            double?[] scores = [.. answers
                .Where(answer => (i == 0 || answer.Length >= first) && answer.Length <= last).Select(answer => (double?)answer.Score)];
            if (scores.Length == 0) return new LengthGroup(first, last, 0, Mean: null, Interval: null);
            if (options.Resamples == 0) return new LengthGroup(first, last, scores.Length, scores.Average(), Interval: null);
            ScoreSums sums = ScoreSums.Mean(scores);
            IEnumerable<double> resamples = Bootstrap
                .Scores(scores.Length, options.Resamples, options.Seed, counts => [sums.Of(counts)]).Select(each => each[0]);
            return new LengthGroup(
                first, last, scores.Length, scores.Average(), Statistics.Interval.OfPercentiles(resamples, options.Level));
        })];
    }
}
