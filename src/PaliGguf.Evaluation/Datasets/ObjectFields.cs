using System.Text.Json;
using PaliGguf.Evaluation.Metrics.Objects;
using PaliGguf.Imaging;
using PaliGguf.Tasks.Masks;

namespace PaliGguf.Evaluation.Datasets;

/// <summary>The fields that tell of objects, as COCO writes them: boxes in pixels, masks as polygons or runs.</summary>
internal static class ObjectFields
{
    /// <summary>The size of the picture; null where it is not told.</summary>
    /// <exception cref="PaliException">It is none.</exception>
    public static PictureSize? Size(DatasetItem item)
    {
        if (item.Find("width") is not { } width || item.Find("height") is not { } height) return null;
        return Size(item, width, height);
    }

    /// <summary>The objects of an item: those in its list, or the one that it is itself; null where it tells of none.</summary>
    /// <param name="item">The item.</param>
    /// <param name="size">The picture's size; null where it is not known.</param>
    /// <param name="masks">Whether masks are read.</param>
    /// <exception cref="PaliException">One is malformed.</exception>
    public static IReadOnlyList<ExpectedObject>? Find(DatasetItem item, PictureSize? size, bool masks)
    {
        if (item.Find("objects") is { ValueKind: JsonValueKind.Array } list)
        {
            return [.. list.EnumerateArray().Select(each => each.ValueKind == JsonValueKind.Object
                ? Read(item with { Value = each }, Label(item with { Value = each }), size, masks)
                : throw item.Error("one of its objects is none."))];
        }

        return item.Find("bbox") is null ? null : [Read(item, Label(item), size, masks)];
    }

    /// <summary>An object.</summary>
    /// <param name="item">It.</param>
    /// <param name="label">What it is called.</param>
    /// <param name="size">The picture's size; null where it is not known.</param>
    /// <param name="masks">Whether its mask is read.</param>
    /// <exception cref="PaliException">It is malformed.</exception>
    public static ExpectedObject Read(DatasetItem item, string label, PictureSize? size, bool masks)
    {
        CocoBox box = Box(item);
        ObjectMask? mask = masks && item.Find("segmentation", "mask") is { } segmentation ? Mask(item, segmentation, size) : null;
        double? area = item.Find("area") switch
        {
            null => null,
            { ValueKind: JsonValueKind.Number } number when number.TryGetDouble(out double value) && double.IsFinite(value) => value,
            _ => throw item.Error("'area' is no number."),
        };
        return new ExpectedObject(label, box, mask, area, IsCrowd(item));
    }

    /// <summary>A box.</summary>
    /// <exception cref="PaliException">It is none.</exception>
    public static CocoBox Box(DatasetItem item)
    {
        double[] sides = item.Find("bbox") is { } found ? Numbers(item, found, "bbox") : [];
        return sides is [_, _, >= 0, >= 0]
            ? new CocoBox(sides[0], sides[1], sides[2], sides[3])
            : throw item.Error("'bbox' is no box; expected four numbers: left, top, width and height in pixels.");
    }

    /// <summary>A mask: polygons, or runs as numbers or as COCO's text.</summary>
    /// <exception cref="PaliException">It is malformed.</exception>
    public static ObjectMask Mask(DatasetItem item, JsonElement value, PictureSize? size)
    {
        try
        {
            return value.ValueKind == JsonValueKind.Object ? ObjectMask.Of(Runs(item with { Value = value })) : Polygons(item, value, size);
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            throw item.Error($"its mask is none: {e.Message.ReplaceLineEndings(" ")}");
        }
    }

    private static ObjectMask Polygons(DatasetItem item, JsonElement value, PictureSize? size)
    {
        if (size is not { } picture) throw item.Error("its mask is of polygons, which need the picture's 'width' and 'height'.");
        if (value.ValueKind != JsonValueKind.Array) throw item.Error("'segmentation' is neither a list of polygons nor an object of runs.");
        return ObjectMask.Of(picture.Width, picture.Height, [.. value.EnumerateArray().Select(each => Numbers(item, each, "a polygon"))]);
    }

    private static RunLengthMask Runs(DatasetItem item)
    {
        if (item.Find("size") is not { ValueKind: JsonValueKind.Array } size || size.GetArrayLength() != 2)
        {
            throw item.Error("the runs of its mask have no 'size' of two numbers, height and width.");
        }

        (int width, int height) = Size(item, size[1], size[0]);
        return item.Find("counts") switch
        {
            { ValueKind: JsonValueKind.String } text => RunLengthMask.FromCounts(width, height, text.GetString()!),
            { ValueKind: JsonValueKind.Array } runs => RunLengthMask.FromRuns(width, height, runs.EnumerateArray().Select(run =>
                run.ValueKind == JsonValueKind.Number && run.TryGetInt64(out long length) ? length : throw item.Error("a run is no number."))),
            _ => throw item.Error("its mask has no 'counts'."),
        };
    }

    private static string Label(DatasetItem item) => item.FindText("label", "name", "category") ?? "";

    private static PictureSize Size(DatasetItem item, JsonElement width, JsonElement height)
    {
        bool numbers = width.ValueKind == JsonValueKind.Number && height.ValueKind == JsonValueKind.Number;
        int x = 0, y = 0;
        if (!numbers || !width.TryGetInt32(out x) || !height.TryGetInt32(out y) || x < 1 || y < 1)
        {
            throw item.Error("the picture's width and height are no whole numbers from 1 on.");
        }

        try
        {
            ImageLimits.Default.CheckSize("the picture", x, y);
        }
        catch (ImageLimitException e)
        {
            throw item.Error(e.Message);
        }

        return new PictureSize(x, y);
    }

    private static bool IsCrowd(DatasetItem item) => item.Find("iscrowd", "is_crowd") switch
    {
        null or { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt32(out int value) && value is 0 or 1 => value == 1,
        _ => throw item.Error("'iscrowd' is none of 0, 1, true and false."),
    };

    private static double[] Numbers(DatasetItem item, JsonElement value, string name)
    {
        if (value.ValueKind != JsonValueKind.Array) throw item.Error($"{name} is no list of numbers.");
        return [.. value.EnumerateArray().Select(each =>
            each.ValueKind == JsonValueKind.Number && each.TryGetDouble(out double number) && double.IsFinite(number)
                ? number
                : throw item.Error($"{name} is no list of numbers."))];
    }
}
