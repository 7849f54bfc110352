using System.Buffers;

namespace PaliGguf.Evaluation.Metrics.Objects;

/// <summary>What became of the detections in all pictures, category by category: what COCO's numbers are made of. Immutable.</summary>
internal sealed class PrecisionSample
{
    private const double SmallSide = 32;
    private const double LargeSide = 96;
    private const double Unbounded = 1e10;

    private readonly RankedDetections[][] _bySizes;

    private PrecisionSample(RankedDetections[][] bySizes) => _bySizes = bySizes;

    /// <summary>Lays detections beside the objects that are there.</summary>
    /// <exception cref="ArgumentException">A score or an area is no number, or masks of one picture differ in size.</exception>
    public static PrecisionSample Of<TShape>(
        IReadOnlyList<AnnotatedObject<TShape>> annotated, IReadOnlyList<DetectedObject<TShape>> detected, CancellationToken cancellationToken)
        where TShape : ICocoShape<TShape>
    {
        if (detected.Any(item => double.IsNaN(item.Score))) throw new ArgumentException("A score is no number.", nameof(detected));
        if (annotated.Any(item => double.IsNaN(item.Area))) throw new ArgumentException("An area is no number.", nameof(annotated));
        CategoryMatches<TShape>[] categories = CategoryMatches<TShape>.Of(annotated, detected, cancellationToken);
        return new PrecisionSample([.. Enum.GetValues<ObjectSizes>().Select(sizes => categories.Select(category =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            return category.Rank(Range(sizes));
        }).ToArray())]);
    }

    /// <summary>The mean of a number over the categories that have such objects.</summary>
    /// <param name="measure">The number.</param>
    /// <param name="counts">How often each picture is there, by its number; empty for once.</param>
    /// <returns>Null where no category has one.</returns>
    public double? Value(PrecisionMeasure measure, ReadOnlySpan<int> counts = default)
    {
        Mean mean = default;
        foreach (RankedDetections category in _bySizes[(int)measure.Sizes])
        {
            DrawnDetection[] drawn = ArrayPool<DrawnDetection>.Shared.Rent(category.Length);
            mean.Add(measure, drawn.AsSpan(0, category.Draw(counts, drawn)), category.Objects(counts));
            ArrayPool<DrawnDetection>.Shared.Return(drawn);
        }

        return mean.Value;
    }

    /// <summary>The same where the detections in some pictures are those of another run over the same pictures.</summary>
    /// <param name="measure">The number.</param>
    /// <param name="other">The other run.</param>
    /// <param name="swapped">Which pictures, by their numbers.</param>
    /// <returns>Null where no category has an object.</returns>
    public double? Value(PrecisionMeasure measure, PrecisionSample other, ReadOnlySpan<bool> swapped)
    {
        Mean mean = default;
        foreach ((RankedDetections ours, RankedDetections theirs) in
            _bySizes[(int)measure.Sizes].Zip(other._bySizes[(int)measure.Sizes]))
        {
            DrawnDetection[] drawn = ArrayPool<DrawnDetection>.Shared.Rent(ours.Length + theirs.Length);
            mean.Add(measure, drawn.AsSpan(0, ours.Draw(theirs, swapped, drawn)), ours.Objects([]));
            ArrayPool<DrawnDetection>.Shared.Return(drawn);
        }

        return mean.Value;
    }

    private static (double From, double To) Range(ObjectSizes sizes) => sizes switch
    {
        ObjectSizes.Small => (0, SmallSide * SmallSide),
        ObjectSizes.Medium => (SmallSide * SmallSide, LargeSide * LargeSide),
        ObjectSizes.Large => (LargeSide * LargeSide, Unbounded),
        _ => (0, Unbounded),
    };

    // Over the categories that have objects.
    private struct Mean
    {
        private double _sum;
        private int _categories;

        public readonly double? Value => _categories == 0 ? null : _sum / _categories;

        public void Add(PrecisionMeasure measure, ReadOnlySpan<DrawnDetection> drawn, long objects)
        {
            if (objects == 0) return;
            _sum += measure.Of(drawn, objects);
            _categories++;
        }
    }
}
