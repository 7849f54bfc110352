using PaliGguf.Evaluation.Metrics.NGrams;
using PaliGguf.Tasks;
using PaliGguf.Tasks.Masks;

namespace PaliGguf.Evaluation.Metrics.Objects;

/// <summary>The overlap of the one object that RefCOCO, RefCOCO+ and RefCOCOg ask for: of its mask, and of its box.</summary>
/// <remarks>
/// In the conventions of big_vision's <c>segmentation</c> evaluator. The box of four location tokens, each divided by 1023, is cut to whole
/// pixels; the 64 x 64 logits of the mask are resized to it, bilinearly, and are inside where they are positive. The score is the mean
/// intersection over union with the annotated mask of the whole picture. What is not one box with one mask scores 0, and so does a box that
/// is empty in whole pixels.
/// </remarks>
public static class ReferringSegmentation
{
    private static readonly double[] Thresholds = [0.5, 0.75];

    /// <summary>Scores answers.</summary>
    /// <param name="answers">For each question the first object of its answer; null for an answer that is none.</param>
    /// <param name="objects">For each question the object that was meant.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <exception cref="ArgumentException">There is no question, or the lists differ in length.</exception>
    public static ReferringScore Score(
        IReadOnlyList<ReferringAnswer?> answers, IReadOnlyList<ReferredObject> objects, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(answers);
        Segments.CheckPairs(objects, objects);
        if (answers.Count != objects.Count)
        {
            throw new ArgumentException($"There are {answers.Count} answers but {objects.Count} objects.", nameof(answers));
        }

        return Score(answers, i => objects[i], cancellationToken);
    }

    /// <summary>The same for objects that are made when they are asked for, each once: their masks have a byte for each pixel.</summary>
    internal static ReferringScore Score(
        IReadOnlyList<ReferringAnswer?> answers, Func<int, ReferredObject> objectOf, CancellationToken cancellationToken)
    {
        (double? Mask, double Box)[] overlaps = InParallel.Select(
            answers.Count,
            i =>
            {
                ReferredObject item = objectOf(i);
                return (MaskOverlap(answers[i], item.Mask), answers[i] is { IsSound: true } answer ? BoxOverlap(answer, item) : 0);
            },
            cancellationToken);
        double[] boxes = [.. overlaps.Select(overlap => overlap.Box)];
        double[] scores = [.. overlaps.Select(overlap => overlap.Mask ?? 0)];
        return new ReferringScore(
            scores.Sum() / scores.Length,
            Thresholds.ToDictionary(threshold => threshold, threshold => (double)boxes.Count(box => box >= threshold) / boxes.Length),
            [.. overlaps.Select(overlap => overlap.Mask is null)],
            scores,
            boxes);
    }

    // Null where there is no box to compare.
    private static double? MaskOverlap(ReferringAnswer? answer, MaskBitmap truth)
    {
        if (answer is not { IsSound: true }) return null;
        int top = Pixel(answer.YMin, truth.Height);
        int left = Pixel(answer.XMin, truth.Width);
        int height = Pixel(answer.YMax, truth.Height) - top;
        int width = Pixel(answer.XMax, truth.Width) - left;
        if (height <= 0 || width <= 0) return null;
        MaskBitmap mask = new Mask(answer.Logits, new PixelBox(0, 0, width, height), width, height).ToBitmap();
        int common = 0;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++) common += mask[x, y] && truth[left + x, top + y] ? 1 : 0;
        }

        return (double)common / (truth.Area + mask.Area - common) is var overlap && double.IsNaN(overlap) ? 0 : overlap;
    }

    private static double BoxOverlap(ReferringAnswer answer, ReferredObject item)
    {
        (double top, double left, double bottom, double right) =
            (Fraction(answer.YMin), Fraction(answer.XMin), Fraction(answer.YMax), Fraction(answer.XMax));
        double common = Area(Math.Max(top, item.YMin), Math.Max(left, item.XMin), Math.Min(bottom, item.YMax), Math.Min(right, item.XMax));
        return common / (Area(top, left, bottom, right) + Area(item.YMin, item.XMin, item.YMax, item.XMax) - common);
    }

    private static double Area(double top, double left, double bottom, double right) =>
        Math.Max(0, bottom - top) * Math.Max(0, right - left);

    private static int Pixel(int bin, int size) => (int)(Fraction(bin) * size);

    private static double Fraction(int bin) => (double)bin / NormalizedBox.LastBin;
}
