using PaliGguf.Evaluation.Metrics.Objects;
using PaliGguf.Tasks;
using PaliGguf.Tasks.Masks;

namespace PaliGguf.Evaluation.Datasets;

/// <summary>The objects of a picture as a prompt and the answer to it: what a model is trained on.</summary>
/// <param name="Prefix">"detect cat ; dog" or "segment cat ; dog": each label once, by its leftmost object.</param>
/// <param name="Suffix">
/// The answer: label by label, and the objects of each from left to right by the middle of their boxes. Empty where there is none.
/// </param>
/// <param name="LeftOut">Why objects are not in it, each with its label.</param>
public sealed record InstanceText(string Prefix, string Suffix, IReadOnlyList<string> LeftOut)
{
    /// <summary>Writes the objects of a picture.</summary>
    /// <param name="objects">The objects; crowds are left out.</param>
    /// <param name="size">The picture's size.</param>
    /// <param name="masks">Writes their masks; null for boxes alone.</param>
    public static InstanceText Of(IReadOnlyList<ExpectedObject> objects, PictureSize size, MaskEncoder? masks)
    {
        List<string> leftOut = [];
        List<(string Label, double Middle, string Text)> texts = [];
        foreach (ExpectedObject each in objects)
        {
            string label = each.Label.Trim();
            if (Refuse(each, size, masks) is { } reason) leftOut.Add($"'{label}': {reason}");
            else texts.Add((label, each.Box.X + (each.Box.Width / 2), Write(each, label, size, masks)));
        }

        var byLabel = texts.OrderBy(text => text.Middle).GroupBy(text => text.Label, StringComparer.Ordinal).ToArray();
        string[] labels = [.. byLabel.Select(group => group.Key)];
        string prefix = labels.Length == 0 ? "" : masks is null ? Prompts.Detect(labels) : Prompts.Segment(labels);
        return new InstanceText(prefix, InstanceSuffix.Join(byLabel.SelectMany(group => group).Select(text => text.Text)), leftOut);
    }

    private static string? Refuse(ExpectedObject each, PictureSize size, MaskEncoder? masks)
    {
        if (each.IsCrowd) return "it is a crowd";
        if (string.IsNullOrWhiteSpace(each.Label)) return "it has no label";
        if (masks is null) return null;
        if (each.Mask is not { } mask) return "it has no mask";
        if (mask.Width != size.Width || mask.Height != size.Height)
            return $"its mask is {mask.Width} x {mask.Height}, the picture {size.Width} x {size.Height}";
        return MaskCrop.IsEmpty(size.Width, size.Height, Box(each, size)) ? "its box has no whole pixel in the picture" : null;
    }

    private static string Write(ExpectedObject each, string label, PictureSize size, MaskEncoder? masks)
    {
        NormalizedBox box = Box(each, size);
        return InstanceSuffix.Of(box, masks is null ? default : masks.Encode(each.Mask!.ToBitmap(), box), label);
    }

    private static NormalizedBox Box(ExpectedObject each, PictureSize size)
    {
        CocoBox box = each.Box;
        return new PixelBox((float)box.X, (float)box.Y, (float)(box.X + box.Width), (float)(box.Y + box.Height))
            .ToNormalized(size.Width, size.Height);
    }
}
