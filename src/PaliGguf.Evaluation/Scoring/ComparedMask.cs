using PaliGguf.Evaluation.Metrics.Objects;

namespace PaliGguf.Evaluation.Scoring;

/// <summary>
/// A mask of average precision, filled when it is compared: those of a whole data set would be thousands of times as large as its file.
/// Not for use by several threads.
/// </summary>
/// <param name="fill">Fills it.</param>
/// <param name="filled">Those that stay filled.</param>
internal sealed class ComparedMask(Func<CocoMask> fill, FilledMasks filled) : ICocoShape<ComparedMask>
{
    private double? _area;

    /// <inheritdoc/>
    public double Area => _area ?? Fill().Area;

    /// <summary>The mask while it stays filled; null where it does not.</summary>
    internal CocoMask? Kept { get; set; }

    /// <inheritdoc/>
    public double Overlap(ComparedMask truth, bool isCrowd) => Fill().Overlap(truth.Fill(), isCrowd);

    private CocoMask Fill()
    {
        if (Kept is { } kept) return kept;
        CocoMask mask = fill();
        _area ??= mask.Area;
        filled.Keep(this, mask);
        return mask;
    }
}

/// <summary>The masks that stay filled, the latest ones. Not for use by several threads.</summary>
internal sealed class FilledMasks
{
    /// <summary>How many runs they may have together, of 8 bytes each.</summary>
    internal const long MostRuns = 1L << 22;

    private readonly Queue<ComparedMask> _kept = [];
    private long _runs;

    /// <summary>Keeps a mask, and lets go of those before it that there is no room for any more.</summary>
    public void Keep(ComparedMask owner, CocoMask mask)
    {
        _kept.Enqueue(owner);
        owner.Kept = mask;
        _runs += mask.Runs.Runs.Length;
        while (_runs > MostRuns && _kept.TryDequeue(out ComparedMask? first))
        {
            _runs -= first.Kept!.Runs.Runs.Length;
            first.Kept = null;
        }
    }
}
