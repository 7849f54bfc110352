using System.Text.Json;
using System.Text.Json.Serialization;
using PaliGguf.Tasks;
using PaliGguf.Tasks.Masks;

namespace PaliGguf.Hosting.Json;

/// <summary>What was found; docs/json.md describes it.</summary>
internal sealed record InstancesJson(
    IReadOnlyList<InstanceJson> Detections, IReadOnlyList<RejectedJson> Rejected, string Text, AnswerTimingsJson Timings)
{
    public static InstancesJson From(InstanceResult result, IEnumerable<Detection> found) => new(
        [.. found.Select(InstanceJson.From)],
        [.. result.Rejected.Select(part => new RejectedJson(part.Text, JsonNamingPolicy.CamelCase.ConvertName(part.Reason.ToString()), part.Explanation))],
        result.Text,
        AnswerTimingsJson.From(result.Timings));
}

/// <summary>One instance; boxes are x_min, y_min, x_max, y_max.</summary>
internal sealed record InstanceJson(
    string Label,
    double Score,
    IReadOnlyList<double> Box,
    IReadOnlyList<double> BoxNormalized,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] MaskJson? Mask)
{
    public static InstanceJson From(Detection found) => new(
        found.Label,
        Math.Round(found.Score, 6),
        Round(3, found.Box.XMin, found.Box.YMin, found.Box.XMax, found.Box.YMax),
        Round(6, found.NormalizedBox.XMin, found.NormalizedBox.YMin, found.NormalizedBox.XMax, found.NormalizedBox.YMax),
        found is Segment segment ? MaskJson.From(segment.Mask) : null);

    private static double[] Round(int digits, params double[] values) => Array.ConvertAll(values, value => Math.Round(value, digits));
}

/// <summary>A shape.</summary>
internal sealed record MaskJson(RunLengthJson Rle, IReadOnlyList<PolygonJson> Polygons)
{
    public static MaskJson From(Mask mask)
    {
        RunLengthMask runs = mask.ToRunLengths();
        return new MaskJson(new RunLengthJson([runs.Height, runs.Width], runs.ToCounts()), [.. mask.ToPolygons().Select(PolygonJson.From)]);
    }
}

/// <summary>A mask over the whole picture as COCO's tools write it.</summary>
internal sealed record RunLengthJson(IReadOnlyList<int> Size, string Counts);

/// <summary>One connected part of a shape: points x, y in pixels.</summary>
internal sealed record PolygonJson(IReadOnlyList<IReadOnlyList<int>> Outer, IReadOnlyList<IReadOnlyList<IReadOnlyList<int>>> Holes)
{
    public static PolygonJson From(MaskPolygon polygon) => new(Points(polygon.Outer), [.. polygon.Holes.Select(hole => Points(hole))]);

    private static IReadOnlyList<int>[] Points(IEnumerable<MaskPoint> outline) => [.. outline.Select(point => new[] { point.X, point.Y })];
}

/// <summary>A part of the answer that is no instance.</summary>
internal sealed record RejectedJson(string Text, string Reason, string Explanation);
