using PaliGguf.Evaluation.Comparison;

namespace PaliGguf.Evaluation.Tests.Comparison;

public sealed class DivergenceSummaryTests
{
    [Fact]
    public void Quantiles_lie_between_their_neighbours()
    {
        DivergenceSummary summary = DivergenceSummary.Of(Enumerable.Range(0, 201).Select(value => (double)value).Reverse());
        Assert.Equal(new DivergenceSummary(Mean: 100, Median: 100, Percentile99: 198, Maximum: 200), summary);
        Assert.Equal(1.5, DivergenceSummary.Of([2, 1]).Median);
        Assert.Equal(1.99, DivergenceSummary.Of([2, 1]).Percentile99, 1e-9);
    }

    [Fact]
    public void One_value_is_all_of_them() => Assert.Equal(new DivergenceSummary(3, 3, 3, 3), DivergenceSummary.Of([3]));

    [Fact]
    public void Infinite_values_stay_infinite()
    {
        DivergenceSummary summary = DivergenceSummary.Of([0, double.PositiveInfinity, double.PositiveInfinity]);
        Assert.Equal(double.PositiveInfinity, summary.Median);
        Assert.Equal(double.PositiveInfinity, summary.Percentile99);
    }
}
