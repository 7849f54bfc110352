namespace PaliGguf.Evaluation.Metrics.Objects;

/// <summary>An annotated object.</summary>
/// <param name="Picture">The picture's number.</param>
/// <param name="Category">The category's number.</param>
/// <param name="Shape">Its box or mask.</param>
/// <param name="Area">
/// The area by which it counts as small, medium or large, in square pixels; COCO's files have that of the mask here.
/// </param>
/// <param name="IsCrowd">Whether it is a crowd: it need not be found, and what lies in it is not wrong.</param>
public sealed record AnnotatedObject<TShape>(long Picture, long Category, TShape Shape, double Area, bool IsCrowd = false)
    where TShape : ICocoShape<TShape>
{
    /// <summary>An object whose area is that of its shape.</summary>
    public AnnotatedObject(long picture, long category, TShape shape)
        : this(picture, category, shape, shape.Area)
    {
    }
}

/// <summary>An object that a model found.</summary>
/// <param name="Picture">The picture's number.</param>
/// <param name="Category">The category's number.</param>
/// <param name="Shape">Its box or mask.</param>
/// <param name="Score">How sure the model is; only the order matters.</param>
public sealed record DetectedObject<TShape>(long Picture, long Category, TShape Shape, double Score)
    where TShape : ICocoShape<TShape>;

/// <summary>COCO's average precision and recall of detected boxes or masks.</summary>
/// <remarks>
/// Lin and others, "Microsoft COCO: Common Objects in Context", 2014; in the conventions of pycocotools 2.0. In each picture the detections
/// of a category, the best 100 by score, take the annotated object with which they overlap most, from a threshold on; precision is made
/// monotone from the right and read at 101 recalls, and averaged over ten thresholds from 0.5 to 0.95 and over the categories that have
/// objects. Crowds and objects outside a range of sizes need not be found. Pictures count in the order of their numbers.
/// </remarks>
public static class AveragePrecision
{
    private const double SmallSide = 32;
    private const double LargeSide = 96;
    private const double Unbounded = 1e10;

    private static readonly (double From, double To) All = (0, Unbounded);
    private static readonly (double From, double To) Small = (0, SmallSide * SmallSide);
    private static readonly (double From, double To) Medium = (SmallSide * SmallSide, LargeSide * LargeSide);
    private static readonly (double From, double To) Large = (LargeSide * LargeSide, Unbounded);

    /// <summary>Scores detections.</summary>
    /// <param name="annotated">The objects that are there.</param>
    /// <param name="detected">Those that were found; of equal scores in a picture the first counts as better.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <exception cref="ArgumentException">A score or an area is no number, or masks of one picture differ in size.</exception>
    public static AveragePrecisionScore Score<TShape>(
        IReadOnlyList<AnnotatedObject<TShape>> annotated, IReadOnlyList<DetectedObject<TShape>> detected,
        CancellationToken cancellationToken = default)
        where TShape : ICocoShape<TShape>
    {
        ArgumentNullException.ThrowIfNull(annotated);
        ArgumentNullException.ThrowIfNull(detected);
        if (detected.Any(item => double.IsNaN(item.Score))) throw new ArgumentException("A score is no number.", nameof(detected));
        if (annotated.Any(item => double.IsNaN(item.Area))) throw new ArgumentException("An area is no number.", nameof(annotated));
        List<CategoryMatches<TShape>> categories = CategoryMatches<TShape>.Of(annotated, detected);
        PrecisionRecall[] all = Curves(All);
        PrecisionRecall[] small = Curves(Small);
        PrecisionRecall[] medium = Curves(Medium);
        PrecisionRecall[] large = Curves(Large);
        return new AveragePrecisionScore
        {
            Precision = Mean(all.Select(curve => curve.Precision)),
            Precision50 = Mean(all.Select(curve => curve.PrecisionAt(0))),
            Precision75 = Mean(all.Select(curve => curve.PrecisionAt(5))),
            PrecisionOfSmall = Mean(small.Select(curve => curve.Precision)),
            PrecisionOfMedium = Mean(medium.Select(curve => curve.Precision)),
            PrecisionOfLarge = Mean(large.Select(curve => curve.Precision)),
            Recall1 = Mean(Curves(All, 1).Select(curve => curve.Recall)),
            Recall10 = Mean(Curves(All, 10).Select(curve => curve.Recall)),
            Recall100 = Mean(all.Select(curve => curve.Recall)),
            RecallOfSmall = Mean(small.Select(curve => curve.Recall)),
            RecallOfMedium = Mean(medium.Select(curve => curve.Recall)),
            RecallOfLarge = Mean(large.Select(curve => curve.Recall)),
        };

        PrecisionRecall[] Curves((double From, double To) areas, int most = CategoryMatches<TShape>.MostDetections)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return [.. categories.Select(category => category.Curve(areas, most)).OfType<PrecisionRecall>()];
        }
    }

    private static double? Mean(IEnumerable<double> values)
    {
        double[] all = [.. values];
        return all.Length == 0 ? null : all.Sum() / all.Length;
    }
}

/// <summary>COCO's twelve numbers, 0 to 1; null, which pycocotools prints as -1, where no object is of that size.</summary>
public sealed record AveragePrecisionScore
{
    /// <summary>The mean of the precisions at thresholds from 0.5 to 0.95: COCO's AP.</summary>
    public double? Precision { get; init; }

    /// <summary>The precision at a threshold of 0.5.</summary>
    public double? Precision50 { get; init; }

    /// <summary>The precision at a threshold of 0.75.</summary>
    public double? Precision75 { get; init; }

    /// <summary>The same as <see cref="Precision"/> for objects of up to 32 x 32 pixels.</summary>
    public double? PrecisionOfSmall { get; init; }

    /// <summary>The same for objects of 32 x 32 to 96 x 96 pixels.</summary>
    public double? PrecisionOfMedium { get; init; }

    /// <summary>The same for larger objects.</summary>
    public double? PrecisionOfLarge { get; init; }

    /// <summary>The share of objects found by the best detection of each picture and category.</summary>
    public double? Recall1 { get; init; }

    /// <summary>The share found by the best ten.</summary>
    public double? Recall10 { get; init; }

    /// <summary>The share found by the best hundred.</summary>
    public double? Recall100 { get; init; }

    /// <summary>The same for objects of up to 32 x 32 pixels.</summary>
    public double? RecallOfSmall { get; init; }

    /// <summary>The same for objects of 32 x 32 to 96 x 96 pixels.</summary>
    public double? RecallOfMedium { get; init; }

    /// <summary>The same for larger objects.</summary>
    public double? RecallOfLarge { get; init; }
}
