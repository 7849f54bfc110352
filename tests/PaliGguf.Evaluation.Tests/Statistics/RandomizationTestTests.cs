using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Evaluation.Statistics;

namespace PaliGguf.Evaluation.Tests.Statistics;

public sealed class RandomizationTestTests
{
    private static readonly double[] One = [1, 1, 0, 1, 1, 0, 1, 1, 1, 0, 1, 1];
    private static readonly double[] Other = [0, 1, 0, 0, 1, 0, 1, 0, 1, 1, 0, 0];

    [Fact]
    public void The_probability_is_the_reference_s() => Assert.Equal(0.2127872127872128, P(One, Other, 1000, seed: 3), 12);

    [Fact]
    public void With_many_rounds_it_is_that_of_all_ways_to_swap() =>
        Assert.InRange(P(One, Other, 20_000, seed: 1), 0.21875 - 0.01, 0.21875 + 0.01);

    [Fact]
    public void It_does_not_matter_which_run_is_first() => Assert.Equal(P(One, Other, 1000, seed: 5), P(Other, One, 1000, seed: 5));

    [Fact]
    public void A_run_is_never_better_than_itself() => Prop.ForAll(
        ArbMap.Default.ArbFor<NonEmptyArray<NormalFloat>>(), ArbMap.Default.ArbFor<int>(),
        (scores, seed) => P([.. scores.Get.Select(score => score.Get)], [.. scores.Get.Select(score => score.Get)], 50, seed) == 1)
        .QuickCheckThrowOnFailure();

    [Fact]
    public void A_run_that_is_better_everywhere_is_significantly_better() => Prop.ForAll(
        ArbMap.Default.ArbFor<int>(), Gen.Choose(12, 200).ToArbitrary(),
        (seed, answers) =>
        {
            double[] scores = Draw(answers, seed);
            return P([.. scores.Select(score => score + 0.1)], scores, 500, seed) < 0.01;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Of_runs_that_are_equally_good_one_in_twenty_seems_better()
    {
        int significant = Enumerable.Range(0, 400).Count(pair => P(Draw(40, 2 * pair), Draw(40, (2 * pair) + 1), 200, pair) < 0.05);
        Assert.InRange(significant, 5, 40);
    }

    [Fact]
    public void A_difference_that_is_no_number_has_no_probability() => Assert.True(double.IsNaN(RandomizationTest
        .Probabilities([double.NaN], 2, 10, seed: 1, _ => [double.NaN]).Single()));

    private static double[] Draw(int answers, int seed)
    {
        RandomSource random = new(seed, round: 1 << 20);
        return [.. Enumerable.Range(0, answers).Select(_ => random.Below(1000) / 1000.0)];
    }

    private static double P(double[] one, double[] other, int rounds, int seed)
    {
        ScoreSums ours = ScoreSums.Mean([.. one.Select(score => (double?)score)]);
        ScoreSums theirs = ScoreSums.Mean([.. other.Select(score => (double?)score)]);
        int[] all = [.. Enumerable.Repeat(1, one.Length)];
        return RandomizationTest.Probabilities(
            [ours.Of(all) - theirs.Of(all)], one.Length, rounds, seed, swapped => [ours.Of(theirs, swapped) - theirs.Of(ours, swapped)])
                .Single();
    }
}
