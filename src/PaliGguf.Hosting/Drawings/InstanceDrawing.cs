using PaliGguf.Imaging.Drawing;
using PaliGguf.Tasks;
using PaliGguf.Tasks.Masks;
using PaliGguf.Vision;

namespace PaliGguf.Hosting.Drawings;

/// <summary>A picture with what was found in it.</summary>
internal static class InstanceDrawing
{
    /// <summary>Plans the drawing.</summary>
    public static AnnotatedPicture Of(RgbImage picture, IEnumerable<Detection> found) => new(picture, found.Select(Annotate));

    private static Annotation Annotate(Detection found) =>
        new(found.Label, new AnnotationBox(found.Box.XMin, found.Box.YMin, found.Box.XMax, found.Box.YMax))
        {
            Score = found.Score,
            Mask = found is Segment segment ? Shape(segment.Mask) : null,
        };

    private static AnnotationMask Shape(Mask mask)
    {
        MaskBitmap bitmap = mask.ToBitmap();
        return new AnnotationMask(bitmap.Pixels, bitmap.Width, bitmap.Height, mask.Left, mask.Top);
    }
}
