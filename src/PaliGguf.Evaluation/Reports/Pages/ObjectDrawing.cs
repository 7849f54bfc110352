using PaliGguf.Evaluation.Datasets;
using PaliGguf.Imaging.Drawing;
using PaliGguf.Tasks;
using PaliGguf.Tasks.Masks;

namespace PaliGguf.Evaluation.Reports.Pages;

/// <summary>What answers found, and what was to be found, as it is drawn over pictures.</summary>
internal static class ObjectDrawing
{
    private const int MostObjects = 100;
    private const int LongestLabel = 60;
    private const long LargestMask = 1L << 27;

    /// <summary>The objects in an answer.</summary>
    /// <param name="text">The answer.</param>
    /// <param name="picture">The picture.</param>
    /// <param name="decoder">Makes masks of codewords; null to draw boxes alone.</param>
    public static IReadOnlyList<Annotation> OfAnswer(string text, ReportPicture picture, MaskDecoder? decoder) =>
        [.. InstanceAnswer.Parse(text, masks: text.Contains("<seg", StringComparison.Ordinal)).Instances.Take(MostObjects)
            .Select(instance => OfInstance(instance, picture, decoder)).OfType<Annotation>()];

    /// <summary>The objects that were to be found.</summary>
    public static IReadOnlyList<Annotation> OfExpected(ExpectedAnswer expected, ReportPicture picture, MaskDecoder? decoder) =>
        expected.Objects is { } objects
            ? [.. objects.Take(MostObjects).Select(each => OfObject(each, picture)).OfType<Annotation>()]
            : OfAnswer(expected.References.Count > 0 ? expected.References[0] : "", picture, decoder);

    private static Annotation? OfInstance(AnsweredInstance instance, ReportPicture picture, MaskDecoder? decoder)
    {
        PixelBox box = instance.Box.ToPixels(picture.Width, picture.Height);
        if (Of(instance.Label, box.XMin, box.YMin, box.XMax, box.YMax) is not { } annotation) return null;
        bool visible = box.XMin < picture.Width && box.YMin < picture.Height && box is { XMax: > 0, YMax: > 0 };
        return decoder is null || !visible || instance.Codewords.Length != MaskDecoder.Codewords
            ? annotation
            : annotation with
            {
                Mask = AnnotationMask.Of(new Mask(decoder.Decode(instance.Codewords.AsSpan()), box, picture.Width, picture.Height)),
            };
    }

    private static Annotation? OfObject(ExpectedObject expected, ReportPicture picture)
    {
        (float x, float y) = picture.Scale;
        (double left, double top) = (expected.Box.X * x, expected.Box.Y * y);
        Annotation? annotation = Of(
            expected.Label, (float)left, (float)top, (float)(left + (expected.Box.Width * x)), (float)(top + (expected.Box.Height * y)));
        return annotation is null || expected.Mask is not { } mask || (long)mask.Width * mask.Height > LargestMask
            ? annotation
            : annotation with { Mask = Shrunk(mask.ToBitmap(), picture) };
    }

    private static Annotation? Of(string label, float xMin, float yMin, float xMax, float yMax)
    {
        bool sound = float.IsFinite(xMin) && float.IsFinite(yMin) && float.IsFinite(xMax) && float.IsFinite(yMax)
            && xMin <= xMax && yMin <= yMax;
        return sound ? new Annotation(Text.Short(label, LongestLabel), new AnnotationBox(xMin, yMin, xMax, yMax)) : null;
    }

    private static AnnotationMask Shrunk(MaskBitmap mask, ReportPicture picture)
    {
        bool[] inside = new bool[picture.Width * picture.Height];
        for (int y = 0; y < picture.Height; y++)
        {
            int row = (int)((y + 0.5) * mask.Height / picture.Height);
            for (int x = 0; x < picture.Width; x++)
            {
                inside[(y * picture.Width) + x] = mask[(int)((x + 0.5) * mask.Width / picture.Width), row];
            }
        }

        return new AnnotationMask(inside, picture.Width, picture.Height);
    }
}
