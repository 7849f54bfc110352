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
        PrecisionSample sample = PrecisionSample.Of(annotated, detected, cancellationToken);
        return AveragePrecisionScore.Of([.. PrecisionMeasure.All.Select(measure => sample.Value(measure))]);
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

    // In the order of PrecisionMeasure.All.
    internal static AveragePrecisionScore Of(double?[] values) => new()
    {
        Precision = values[0],
        Precision50 = values[1],
        Precision75 = values[2],
        PrecisionOfSmall = values[3],
        PrecisionOfMedium = values[4],
        PrecisionOfLarge = values[5],
        Recall1 = values[6],
        Recall10 = values[7],
        Recall100 = values[8],
        RecallOfSmall = values[9],
        RecallOfMedium = values[10],
        RecallOfLarge = values[11],
    };
}
