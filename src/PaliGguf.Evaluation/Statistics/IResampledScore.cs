namespace PaliGguf.Evaluation.Statistics;

/// <summary>A score that is known of any resample of the answers without one of them being read again.</summary>
public interface IResampledScore
{
    /// <summary>The score of a resample; NaN where it has none.</summary>
    /// <param name="counts">How often it holds each answer.</param>
    double Of(ReadOnlySpan<int> counts);

    /// <summary>The score where some answers are those of another run over the same items; NaN where it has none.</summary>
    /// <param name="other">The same score of the other run.</param>
    /// <param name="swapped">Which answers are the other run's.</param>
    /// <exception cref="ArgumentException">It is another score.</exception>
    double Of(IResampledScore other, ReadOnlySpan<bool> swapped);
}
