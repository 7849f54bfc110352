using PaliGguf.Tasks.Masks;

namespace PaliGguf.Evaluation.Metrics.Objects;

/// <summary>A mask over a picture, as COCO's tools compare them.</summary>
/// <param name="Runs">The mask.</param>
public sealed record CocoMask(RunLengthMask Runs) : ICocoShape<CocoMask>
{
    private readonly CocoBox _bounds = RunLengths.Bounds(Runs);

    /// <inheritdoc/>
    public double Area => Runs.Area;

    /// <summary>The smallest box around the mask; all 0 for an empty one.</summary>
    public CocoBox Bounds => _bounds;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The masks are of pictures of different size.</exception>
    public double Overlap(CocoMask truth, bool isCrowd)
    {
        ArgumentNullException.ThrowIfNull(truth);
        if ((Runs.Width, Runs.Height) != (truth.Runs.Width, truth.Runs.Height))
        {
            throw new ArgumentException(
                $"A mask of {Runs.Width} x {Runs.Height} pixels does not compare with one of {truth.Runs.Width} x {truth.Runs.Height}.",
                nameof(truth));
        }

        if (_bounds.Overlap(truth._bounds, isCrowd: false) == 0) return 0;
        long common = RunLengths.Common(Runs, truth.Runs);
        return common == 0 ? 0 : common / (isCrowd ? Area : Area + truth.Area - common);
    }
}
