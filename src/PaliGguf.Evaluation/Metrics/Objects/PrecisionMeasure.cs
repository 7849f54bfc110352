namespace PaliGguf.Evaluation.Metrics.Objects;

/// <summary>One of COCO's twelve numbers: a precision, or a recall.</summary>
/// <param name="Sizes">The sizes of the objects that count.</param>
/// <param name="Threshold">The number of the threshold of overlap; null for the mean over all.</param>
/// <param name="Most">Of a recall: how many detections of a picture and category count; null for a precision.</param>
internal sealed record PrecisionMeasure(ObjectSizes Sizes, int? Threshold = null, int? Most = null)
{
    private static readonly int[] Thresholds = [.. Enumerable.Range(0, RankedDetections.Thresholds.Length)];

    /// <summary>All of them, in COCO's order.</summary>
    public static IReadOnlyList<PrecisionMeasure> All { get; } =
    [
        new(ObjectSizes.All), new(ObjectSizes.All, Threshold: 0), new(ObjectSizes.All, Threshold: 5),
        new(ObjectSizes.Small), new(ObjectSizes.Medium), new(ObjectSizes.Large),
        new(ObjectSizes.All, Most: 1), new(ObjectSizes.All, Most: 10), new(ObjectSizes.All, Most: 100),
        new(ObjectSizes.Small, Most: 100), new(ObjectSizes.Medium, Most: 100), new(ObjectSizes.Large, Most: 100),
    ];

    /// <summary>Its value for one category.</summary>
    /// <param name="drawn">The category's detections, the best first.</param>
    /// <param name="objects">The number of objects, at least 1.</param>
    public double Of(ReadOnlySpan<DrawnDetection> drawn, long objects) => Most is { } most
        ? DrawnDetection.Recall(drawn, objects, most)
        : DrawnDetection.Precision(drawn, objects, Threshold is { } threshold ? [threshold] : Thresholds);
}

/// <summary>The sizes of objects that count.</summary>
internal enum ObjectSizes
{
    /// <summary>All.</summary>
    All,

    /// <summary>Up to 32 x 32 pixels.</summary>
    Small,

    /// <summary>32 x 32 to 96 x 96 pixels.</summary>
    Medium,

    /// <summary>Larger ones.</summary>
    Large,
}
