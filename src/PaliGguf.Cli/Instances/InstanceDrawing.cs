using PaliGguf.Imaging.Drawing;
using PaliGguf.Tasks;
using PaliGguf.Tasks.Masks;
using PaliGguf.Vision;

namespace PaliGguf.Cli.Instances;

/// <summary>Draws what was found into a file.</summary>
internal static class InstanceDrawing
{
    private static readonly string[] Endings = [".png", ".jpg", ".jpeg", ".webp", ".svg"];

    /// <summary>Checks that a file can be drawn to, before the work is done that it is to show.</summary>
    /// <exception cref="UsageException">Its ending is that of no format.</exception>
    /// <exception cref="DirectoryNotFoundException">Its folder does not exist.</exception>
    public static void Check(string path)
    {
        if (!Endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase))
        {
            throw new UsageException($"--out {path}: the ending names no format; expected {string.Join(", ", Endings)}.");
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"{path}: there is no folder {folder}.");
    }

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
