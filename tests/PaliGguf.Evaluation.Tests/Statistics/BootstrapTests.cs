using PaliGguf.Evaluation.Statistics;

namespace PaliGguf.Evaluation.Tests.Statistics;

/// <summary>Against reference.py, which enumerates all resamples, and draws the same ones by a second writing of the definitions.</summary>
public sealed class BootstrapTests
{
    private const double Level = 0.95;

    private static readonly double[] Scores = [0.13, 0.92, 0.41, 0.37, 0.754, 0.58, 0.08];

    [Fact]
    public void Random_numbers_are_those_of_SplitMix64()
    {
        RandomSource random = new(seed: 0, round: 0);
        Assert.Equal((ulong[])[0xe220a8397b1dcdaf, 0x6e789e6aa1b965f4, 0x6c45d188009454f],
            (ulong[])[random.Next(), random.Next(), random.Next()]);
    }

    [Fact]
    public void The_interval_of_a_mean_is_the_reference_s()
    {
        Interval interval = OfMean(1000, seed: 1);
        Assert.Equal(0.2542857142857143, interval.Low, 12);
        Assert.Equal(0.663142857142857, interval.High, 12);
    }

    [Fact]
    public void With_many_resamples_it_is_that_of_all_there_are()
    {
        Interval interval = OfMean(50_000, seed: 2);
        Assert.InRange(interval.Low, 0.2557142857142857 - 0.005, 0.2557142857142857 + 0.005);
        Assert.InRange(interval.High, 0.6782857142857143 - 0.005, 0.6782857142857143 + 0.005);
    }

    [Fact]
    public void The_interval_of_BLEU_is_the_reference_s()
    {
        ScoreSums sums = new(
            [[3, 5, 2, 4], [2, 3, 0, 3], [4, 6, 5, 4], [3, 5, 4, 3], [4, 6, 5, 4], [5, 6, 4, 4]],
            sums => sums[0] == 0 || sums[1] == 0
                ? 0
                : Math.Min(1, Math.Exp(1 - (sums[5] / sums[4]))) * Math.Sqrt(sums[0] / sums[2] * sums[1] / sums[3]));
        Interval interval = Of(sums, 1000, seed: 7);
        Assert.Equal(0.30403449605253013, interval.Low, 12);
        Assert.Equal(0.8708592168994003, interval.High, 12);
    }

    [Fact]
    public void Other_seeds_draw_other_resamples_and_the_same_seed_the_same()
    {
        Assert.Equal(OfMean(100, seed: 1), OfMean(100, seed: 1));
        Assert.NotEqual(OfMean(100, seed: 1), OfMean(100, seed: 2));
    }

    [Fact]
    public void What_a_mean_does_not_count_has_no_weight_and_a_resample_of_such_alone_no_score()
    {
        ScoreSums sums = ScoreSums.Mean([1, null, 0]);
        Assert.Equal(2.0 / 3, sums.Of([2, 5, 1]), 12);
        Assert.True(double.IsNaN(sums.Of([0, 8, 0])));
        Assert.Equal(new Interval(0, 1), Interval.OfPercentiles([double.NaN, 0, 0, 1, 1, double.NaN], 0.99));
        Assert.Null(Interval.OfPercentiles([double.NaN], Level));
    }

    [Fact]
    public void Scores_that_are_all_the_same_leave_no_doubt()
    {
        ScoreSums sums = ScoreSums.Mean([0.25, 0.25, 0.25]);
        Assert.Equal(new Interval(0.25, 0.25), Of(sums, 100, seed: 3));
    }

    private static Interval OfMean(int resamples, int seed) =>
        Of(ScoreSums.Mean([.. Scores.Select(score => (double?)score)]), resamples, seed);

    private static Interval Of(ScoreSums sums, int resamples, int seed) => Interval.OfPercentiles(
        Bootstrap.Scores(sums.Answers, resamples, seed, counts => [sums.Of(counts)]).Select(each => each[0]), Level)!.Value;
}
