namespace PaliGguf.Evaluation.Metrics.Objects;

/// <summary>What COCO's average precision compares: boxes or masks.</summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
public interface ICocoShape<TSelf>
    where TSelf : ICocoShape<TSelf>
{
    /// <summary>The area in square pixels.</summary>
    double Area { get; }

    /// <summary>How much of this, a detection, and of an annotated shape is common to both.</summary>
    /// <param name="truth">The annotated shape.</param>
    /// <param name="isCrowd">Whether that is a crowd, of which a detection need not be more than a part.</param>
    /// <returns>The area of the intersection over that of the union, or for a crowd over that of the detection; 0 to 1.</returns>
    double Overlap(TSelf truth, bool isCrowd);
}
