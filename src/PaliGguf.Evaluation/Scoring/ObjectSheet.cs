using PaliGguf.Evaluation.Datasets;
using PaliGguf.Evaluation.Metrics.Objects;
using PaliGguf.Tasks;
using PaliGguf.Tasks.Masks;

namespace PaliGguf.Evaluation.Scoring;

/// <summary>The objects of answers beside those that were expected, in pixels.</summary>
internal sealed class ObjectSheet
{
    private readonly MetricOptions _options;
    private readonly Row[] _rows;

    /// <param name="sheet">The answers.</param>
    /// <param name="options">With the decoder of masks, where masks are compared.</param>
    /// <param name="masks">Whether they are.</param>
    /// <exception cref="ArgumentException">Something that is needed is not known.</exception>
    public ObjectSheet(AnswerSheet sheet, MetricOptions options, bool masks)
    {
        _options = options;
        if (masks && options.Masks is null) throw new ArgumentException("masks need the decoder in the model's vision file.");
        _rows = [.. sheet.Expected.Zip(sheet.Given, (expected, given) => Lay(expected, given, masks))];
    }

    /// <summary>The answers, in the order of the sheet.</summary>
    public IReadOnlyList<Row> Rows => _rows;

    /// <summary>
    /// The names of what is looked for, those of expected objects first; their places are the numbers of categories, which two runs have
    /// in common where there is something to be found.
    /// </summary>
    public IReadOnlyList<string> Labels => [.. _rows.SelectMany(row => row.Expected.Select(each => each.Label))
        .Concat(_rows.SelectMany(row => row.Found.Select(each => each.Label)))
        .Distinct(StringComparer.Ordinal)];

    /// <summary>The mask of a found object.</summary>
    public CocoMask MaskOf(Row row, FoundObject found) => new(found.Mask?.ToRuns() ?? Decode(found.Instance!, row.Size).ToRunLengths());

    private Mask Decode(AnsweredInstance instance, PictureSize size) => new(
        _options.Masks!.Decode([.. instance.Codewords]), instance.Box.ToPixels(size.Width, size.Height), size.Width, size.Height);

    private static Row Lay(ExpectedAnswer expected, GivenAnswer given, bool masks)
    {
        PictureSize size = expected.Size ?? given.Picture
            ?? throw new ArgumentException($"the size of the picture of '{expected.Id}' is not known.");
        IReadOnlyList<ExpectedObject> objects = expected.Objects ?? OfText(expected, size);
        if (masks && objects.Any(each => each.Mask is null)) throw new ArgumentException($"an object of '{expected.Id}' has no mask.");
        return new Row(size, objects, given.Objects is { } listed
            ? [.. listed.Select(each => new FoundObject(each.Label, each.Box, each.Score, each.Mask, Instance: null))]
            : Told(given, size));
    }

    private static FoundObject[] Told(GivenAnswer given, PictureSize size)
    {
        AnsweredInstance[] instances = Parse(given.Text);
        bool scored = given.Scores?.Count == instances.Length;
        return [.. instances.Select((instance, i) => new FoundObject(
            instance.Label, Pixels(instance.Box, size), scored ? given.Scores![i] : 1, Mask: null, instance))];
    }

    private static IReadOnlyList<ExpectedObject> OfText(ExpectedAnswer expected, PictureSize size) =>
        [.. from instance in Parse(expected.References[0])
            let box = Pixels(instance.Box, size)
            select new ExpectedObject(instance.Label, box, Mask: null, ToldArea: null)];

    private static AnsweredInstance[] Parse(string text) =>
        [.. InstanceAnswer.Parse(text, masks: text.Contains("<seg", StringComparison.Ordinal)).Instances];

    private static CocoBox Pixels(NormalizedBox box, PictureSize size)
    {
        PixelBox pixels = box.ToPixels(size.Width, size.Height);
        return new CocoBox(pixels.XMin, pixels.YMin, pixels.Width, pixels.Height);
    }

    /// <summary>What was expected of an answer, and what it found.</summary>
    internal sealed record Row(PictureSize Size, IReadOnlyList<ExpectedObject> Expected, IReadOnlyList<FoundObject> Found);

    /// <summary>An object of an answer: with its mask, or as the answer's text tells of it.</summary>
    internal sealed record FoundObject(string Label, CocoBox Box, double Score, ObjectMask? Mask, AnsweredInstance? Instance);
}
