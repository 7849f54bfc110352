using PaliGguf.Imaging.Drawing;
using PaliGguf.Tasks;
using PaliGguf.Tasks.Masks;
using PaliGguf.Vision;

namespace PaliGguf.Cli.Drawings;

/// <summary>A picture with what was found in it.</summary>
internal static class InstanceDrawing
{
    /// <summary>Writes the file; its ending names the format.</summary>
    public static void Save(RgbImage picture, IEnumerable<Detection> found, string path) => new AnnotatedPicture(picture, found.Select(Annotate)).Save(path);

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
