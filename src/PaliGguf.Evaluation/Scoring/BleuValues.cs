using PaliGguf.Evaluation.Metrics.Bleu;
using PaliGguf.Evaluation.Statistics;

namespace PaliGguf.Evaluation.Scoring;

/// <summary>The numbers of BLEU, and the sums that they are made of.</summary>
internal static class BleuValues
{
    // The lengths of predictions and references.
    private const int Lengths = 2;

    /// <summary>Scores a corpus.</summary>
    /// <param name="names">What its numbers are called, in the order of the sample's.</param>
    /// <param name="sample">What is known of the predictions.</param>
    public static IEnumerable<MetricValue> Of(IReadOnlyList<string> names, BleuSample sample)
    {
        IReadOnlyList<double> values = sample.Score(BleuStatistics.Sum(sample.Each));
        double[][] columns = Columns(sample.Each);
        return names.Select((name, i) => new MetricValue(name, values[i])
        {
            Resampled = new ScoreSums(columns, sums => sample.Score(Statistics(sums))[i]),
        });
    }

    private static double[][] Columns(BleuStatistics[] all) =>
    [
        [.. all.Select(each => (double)each.Length)],
        [.. all.Select(each => (double)each.ReferenceLength)],
        .. Enumerable.Range(0, all[0].Matches.Length).Select(order => all.Select(each => (double)each.Matches[order]).ToArray()),
        .. Enumerable.Range(0, all[0].Totals.Length).Select(order => all.Select(each => (double)each.Totals[order]).ToArray()),
    ];

    private static BleuStatistics Statistics(double[] sums)
    {
        int orders = (sums.Length - Lengths) / 2;
        long[] whole = [.. sums.Select(sum => (long)sum)];
        return new BleuStatistics(whole[0], whole[1], whole[Lengths..(Lengths + orders)], whole[(Lengths + orders)..]);
    }
}
