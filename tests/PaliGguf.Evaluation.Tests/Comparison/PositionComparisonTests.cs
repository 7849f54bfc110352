using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Evaluation.Comparison;

namespace PaliGguf.Evaluation.Tests.Comparison;

public sealed class PositionComparisonTests
{
    [Fact]
    public void Divergence_is_the_mean_of_the_log_ratio_under_the_reference()
    {
        // Halves against a quarter and three quarters.
        PositionComparison position = PositionComparison.Of(Logits(0.5, 0.5), Logits(0.25, 0.75), token: 0);
        Assert.Equal((0.5 * Math.Log(0.5 / 0.25)) + (0.5 * Math.Log(0.5 / 0.75)), position.Divergence, 1e-7);
        Assert.Equal(-0.25, position.ProbabilityChange, 1e-7);
        Assert.False(position.SameToken);
        Assert.True(PositionComparison.Of(Logits(0.5, 0.5), Logits(0.25, 0.75), token: 1).SameToken);
    }

    [Fact]
    public void What_is_impossible_costs_nothing_and_what_is_missed_costs_everything()
    {
        Assert.Equal(Math.Log(2), PositionComparison.Of(Logits(0, 1), Logits(0.5, 0.5), 1).Divergence, 1e-7);
        Assert.Equal(double.PositiveInfinity, PositionComparison.Of(Logits(0.5, 0.5), Logits(0, 1), 1).Divergence);
    }

    [Fact]
    public void It_is_zero_for_equal_logits_and_never_negative() => Prop.ForAll(Pairs(), pair =>
        PositionComparison.Of(pair.One, pair.One, 0).Divergence == 0
        && PositionComparison.Of(pair.One, pair.Other, 0).Divergence >= 0).QuickCheckThrowOnFailure();

    [Fact]
    public void A_constant_added_to_all_logits_changes_nothing() => Prop.ForAll(Pairs(), pair =>
    {
        double plain = PositionComparison.Of(pair.One, pair.Other, 0).Divergence;
        double shifted = PositionComparison.Of(pair.One, Array.ConvertAll(pair.Other, logit => logit + 64), 0).Divergence;
        return Math.Abs(plain - shifted) < 1e-4 * (1 + plain);
    }).QuickCheckThrowOnFailure();

    private static float[] Logits(params double[] probabilities) => Array.ConvertAll(probabilities, probability => (float)Math.Log(probability));

    private static Arbitrary<(float[] One, float[] Other)> Pairs() => (
        from length in Gen.Choose(1, 300)
        from one in Logit().ArrayOf(length)
        from other in Logit().ArrayOf(length)
        select (one, other)).ToArbitrary();

    private static Gen<float> Logit() => Gen.Choose(-3000, 3000).Select(value => value / 100f);
}
