using PaliGguf.Evaluation.Datasets;
using PaliGguf.Evaluation.Metrics.Objects;
using PaliGguf.Tasks.Masks;

namespace PaliGguf.Evaluation.Scoring;

/// <summary>The metrics of answers that tell of objects.</summary>
internal static class ObjectMetrics
{
    /// <summary>COCO's average precision of boxes.</summary>
    public static IEnumerable<MetricValue> BoxPrecision(AnswerSheet sheet, MetricOptions options, CancellationToken cancellationToken)
    {
        ObjectSheet objects = new(sheet, options, masks: false);
        return Precision("box AP", objects, each => each.Box, (_, found) => found.Box, cancellationToken);
    }

    /// <summary>COCO's average precision of masks.</summary>
    public static IEnumerable<MetricValue> MaskPrecision(AnswerSheet sheet, MetricOptions options, CancellationToken cancellationToken)
    {
        ObjectSheet objects = new(sheet, options, masks: true);
        FilledMasks filled = new();
        return Precision(
            "mask AP", objects, each => new ComparedMask(() => new CocoMask(each.Mask!.ToRuns()), filled),
            (row, found) => new ComparedMask(() => objects.MaskOf(row, found), filled), cancellationToken);
    }

    /// <summary>How well the best pairs of boxes of one label overlap; an object that was not found counts 0.</summary>
    public static IEnumerable<MetricValue> Boxes(AnswerSheet sheet, MetricOptions options, CancellationToken cancellationToken)
    {
        ObjectSheet objects = new(sheet, options, masks: false);
        cancellationToken.ThrowIfCancellationRequested();
        double[][] overlaps = [.. objects.Rows.Select(ObjectPairs.BoxOverlaps)];
        double[] expected = [.. overlaps.Select(own => (double)own.Length)];
        double[] found = [.. objects.Rows.Select(row => (double)row.Found.Count)];
        double[] good = AtLeast(0.5);
        if (expected.Sum() > 0)
        {
            yield return MetricValue.Ratio("box IoU", [.. overlaps.Select(own => own.Sum())], expected);
            yield return MetricValue.Ratio("recall at 0.5", good, expected);
            yield return MetricValue.Ratio("recall at 0.75", AtLeast(0.75), expected);
        }

        if (found.Sum() > 0) yield return MetricValue.Ratio("precision at 0.5", good, found);
        double[] each = [.. objects.Rows.Zip(overlaps, (row, best) => Math.Max(row.Found.Count, best.Length) is > 0 and var most ? best.Sum() / most : 1)];
        yield return MetricValue.Mean("box IoU per answer", each.Average(), each);
        double[] right = [.. objects.Rows.Select(row => row.Found.Count == row.Expected.Count ? 1.0 : 0)];
        yield return MetricValue.Mean("right number", right.Average(), right);

        double[] AtLeast(double threshold) => [.. overlaps.Select(own => (double)own.Count(overlap => overlap >= threshold))];
    }

    /// <summary>How well the masks overlap, each object's with that of the box of its label that lies best on it.</summary>
    public static IEnumerable<MetricValue> Masks(AnswerSheet sheet, MetricOptions options, CancellationToken cancellationToken)
    {
        ObjectSheet objects = new(sheet, options, masks: true);
        double[][] overlaps = [.. objects.Rows.Select(row =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            return ObjectPairs.MaskOverlaps(row, found => objects.MaskOf(row, found));
        })];
        double[] expected = [.. overlaps.Select(own => (double)own.Length)];
        if (expected.Sum() > 0) yield return MetricValue.Ratio("mask IoU", [.. overlaps.Select(own => own.Sum())], expected);
        double?[] each = [.. overlaps.Select(own => own.Length == 0 ? (double?)null : own.Average())];
        if (each.Average() is { } mean) yield return new MetricValue("mask IoU per answer", mean) { Each = each };
    }

    /// <summary>RefCOCO's overlap of the one object of each answer.</summary>
    public static IEnumerable<MetricValue> Referring(AnswerSheet sheet, MetricOptions options, CancellationToken cancellationToken)
    {
        MaskDecoder decoder = options.Masks ?? throw new ArgumentException("masks need the decoder in the model's vision file.");
        ReferringAnswer?[] answers = [.. sheet.Predictions.Select(text => ReferringAnswer.Parse(text, codewords => decoder.Decode(codewords)))];
        ExpectedObject[] objects = [.. sheet.Expected.Select(expected => expected.Objects is [{ Mask: not null } single] ? single
            : throw new ArgumentException($"'{expected.Id}' has not one object with a mask."))];
        ReferringScore score = ReferringSegmentation.Score(answers, i => Referred(objects[i], objects[i].Mask!), cancellationToken);
        yield return MetricValue.Mean("mask IoU", score.MaskOverlap, score.MaskOverlaps);
        foreach ((double threshold, double accuracy) in score.BoxAccuracy.OrderBy(pair => pair.Key))
        {
            yield return MetricValue.Mean(
                FormattableString.Invariant($"box accuracy at {threshold}"), accuracy,
                [.. score.BoxOverlaps.Select(overlap => overlap >= threshold ? 1.0 : 0)]);
        }

        yield return MetricValue.Share("without an object", score.IsInvalid);
    }

    private static ReferredObject Referred(ExpectedObject single, ObjectMask mask) => new(
        single.Box.Y / mask.Height, single.Box.X / mask.Width, (single.Box.Y + single.Box.Height) / mask.Height,
        (single.Box.X + single.Box.Width) / mask.Width, mask.ToBitmap());

    private static IEnumerable<MetricValue> Precision<TShape>(
        string name, ObjectSheet objects, Func<ExpectedObject, TShape> expectedShape,
        Func<ObjectSheet.Row, ObjectSheet.FoundObject, TShape> foundShape, CancellationToken cancellationToken)
        where TShape : ICocoShape<TShape>
    {
        Dictionary<string, long> categories = objects.Labels.Index().ToDictionary(pair => pair.Item, pair => (long)pair.Index);
        List<AnnotatedObject<TShape>> annotated = [];
        List<DetectedObject<TShape>> detected = [];
        foreach ((int picture, ObjectSheet.Row row) in objects.Rows.Index())
        {
            cancellationToken.ThrowIfCancellationRequested();
            annotated.AddRange(row.Expected.Select(each => new AnnotatedObject<TShape>(
                picture, categories[each.Label], expectedShape(each), each.Area, each.IsCrowd)));
            detected.AddRange(row.Found.Select(each => new DetectedObject<TShape>(
                picture, categories[each.Label], foundShape(row, each), each.Score)));
        }

        return PrecisionValues.Of(name, PrecisionSample.Of(annotated, detected, cancellationToken));
    }
}
