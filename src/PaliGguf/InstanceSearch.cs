using PaliGguf.Tasks;

namespace PaliGguf;

/// <summary>Boxes, or boxes with shapes.</summary>
internal static class InstanceSearch
{
    /// <summary>Looks for things in a picture.</summary>
    /// <param name="model">The model.</param>
    /// <param name="image">The picture.</param>
    /// <param name="labels">What to look for.</param>
    /// <param name="masks">Whether their shapes are wanted too.</param>
    /// <param name="wanted">Which instances are wanted.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public static async Task<(InstanceResult Result, IReadOnlyList<Detection> Found)> FindAsync(
        this PaliModel model, RgbImage image, IReadOnlyList<string> labels, bool masks, DetectionOptions wanted, CancellationToken cancellationToken)
    {
        if (masks)
        {
            SegmentationResult segmentation = await model.SegmentAsync(image, labels, wanted, cancellationToken).ConfigureAwait(false);
            return (segmentation, segmentation.Segments);
        }

        DetectionResult detection = await model.DetectAsync(image, labels, wanted, cancellationToken).ConfigureAwait(false);
        return (detection, detection.Detections);
    }
}
