namespace PaliGguf.Evaluation.Comparison;

/// <summary>
/// Kullback-Leibler divergences of a candidate's distributions from the reference's, in nats, over all positions: for each the sum of p ln(p / q) over the tokens
/// that answers consist of.
/// </summary>
/// <param name="Mean">The mean.</param>
/// <param name="Median">The median.</param>
/// <param name="Percentile99">What 99 % of the positions do not exceed, interpolated linearly between neighbours.</param>
/// <param name="Maximum">The largest.</param>
public sealed record DivergenceSummary(double Mean, double Median, double Percentile99, double Maximum)
{
    internal static DivergenceSummary Of(IEnumerable<double> divergences)
    {
        double[] sorted = [.. divergences.Order()];
        return new DivergenceSummary(sorted.Average(), Quantile(sorted, 0.5), Quantile(sorted, 0.99), sorted[^1]);
    }

    private static double Quantile(double[] sorted, double fraction)
    {
        double place = fraction * (sorted.Length - 1);
        int below = (int)place;
        double above = sorted[Math.Min(below + 1, sorted.Length - 1)];
        // Also where both are infinite.
        return above == sorted[below] ? above : sorted[below] + ((place - below) * (above - sorted[below]));
    }
}
