namespace PaliGguf.Evaluation.Statistics;

/// <summary>An interval of confidence.</summary>
/// <param name="Low">Its lower end.</param>
/// <param name="High">Its upper end.</param>
public readonly record struct Interval(double Low, double High)
{
    /// <summary>The percentile interval of the values of resamples; between two of them it is linear.</summary>
    /// <param name="values">The values; those that are no number are left out.</param>
    /// <param name="level">How much of them the interval holds, between 0 and 1.</param>
    /// <returns>Null where nothing is left.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The level is not between 0 and 1.</exception>
    public static Interval? OfPercentiles(IEnumerable<double> values, double level)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (!(level is > 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(level), level, "A level lies between 0 and 1.");
        double[] sorted = [.. values.Where(value => !double.IsNaN(value)).Order()];
        return sorted.Length == 0 ? null : new Interval(Quantile(sorted, (1 - level) / 2), Quantile(sorted, (1 + level) / 2));
    }

    private static double Quantile(double[] sorted, double fraction)
    {
        double place = fraction * (sorted.Length - 1);
        int below = (int)place;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }
}
