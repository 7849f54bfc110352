using PaliGguf.Evaluation.Metrics.Objects;
using PaliGguf.Evaluation.Statistics;

namespace PaliGguf.Evaluation.Scoring;

/// <summary>One of COCO's numbers as one of any resample of the answers, each of which is a picture of its own.</summary>
/// <param name="sample">What became of the detections; pictures are numbered from 0 on.</param>
/// <param name="measure">The number.</param>
internal sealed class ResampledPrecision(PrecisionSample sample, PrecisionMeasure measure) : IResampledScore
{
    /// <inheritdoc/>
    public double Of(ReadOnlySpan<int> counts) => sample.Value(measure, counts) ?? double.NaN;

    /// <inheritdoc/>
    public double Of(IResampledScore other, ReadOnlySpan<bool> swapped) => other is ResampledPrecision { Parts: var parts } && parts.Measure == measure
        ? sample.Value(measure, parts.Sample, swapped) ?? double.NaN
        : throw new ArgumentException("Expected the same score of another run.", nameof(other));

    private (PrecisionSample Sample, PrecisionMeasure Measure) Parts => (sample, measure);
}
