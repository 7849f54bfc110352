using System.Text.Json;
using PaliGguf.Evaluation.Metrics.Objects;

namespace PaliGguf.Evaluation.Datasets;

/// <summary>COCO's results of detection and segmentation, which go with COCO's instances: picture by picture, as in COCO's own program.</summary>
public static class ObjectResults
{
    /// <summary>Whether a file holds such results, by its first item.</summary>
    /// <exception cref="PaliException">It can not be read, or its beginning is malformed.</exception>
    public static bool IsOne(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return DatasetFile.Read(path, "predictions", "annotations", "data").FirstOrDefault() is { Value.ValueKind: not JsonValueKind.Undefined } first
            && first.Find("category_id") is not null;
    }

    /// <summary>Reads results and what was expected.</summary>
    /// <param name="path">
    /// The results: an array, or JSON lines, of objects with <c>image_id</c>, <c>category_id</c>, <c>score</c>, and <c>bbox</c> or
    /// <c>segmentation</c>.
    /// </param>
    /// <param name="instances">COCO's instances.</param>
    /// <param name="masks">Whether masks are read too.</param>
    /// <returns>For each picture of the instances what was found in it, and what is in it.</returns>
    /// <exception cref="PaliException">A file can not be read or is malformed, or a picture or category is unknown.</exception>
    public static (IReadOnlyDictionary<string, GivenAnswer> Given, IReadOnlyList<ExpectedAnswer> Expected) Read(
        string path, string instances, bool masks = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentException.ThrowIfNullOrEmpty(instances);
        CocoItems items = new(instances, new PictureFinder(Path.GetDirectoryName(Path.GetFullPath(instances))!), masks);
        IReadOnlyList<ExpectedAnswer> expected = items.ReadPictures();
        if (items.Categories.Count == 0) throw new PaliException($"{instances}: it has no 'categories'; expected COCO's instances.");
        Dictionary<string, (PictureSize? Size, List<GivenObject> Found)> pictures = expected.ToDictionary(
            picture => picture.Id, picture => (picture.Size, new List<GivenObject>()), StringComparer.Ordinal);
        foreach (DatasetItem item in DatasetFile.Read(path, "predictions", "annotations", "data"))
        {
            string image = item.Name("image_id");
            if (!pictures.TryGetValue(image, out (PictureSize? Size, List<GivenObject> Found) picture))
            {
                throw item.Error($"there is no image {image} in {instances}.");
            }

            string category = item.Name("category_id");
            string label = items.Categories.GetValueOrDefault(category) ?? throw item.Error($"there is no category {category} in {instances}.");
            picture.Found.Add(Object(item, label, picture.Size, masks));
        }

        return (pictures.ToDictionary(
            pair => pair.Key, pair => new GivenAnswer("") { Picture = pair.Value.Size, Objects = pair.Value.Found }, StringComparer.Ordinal), expected);
    }

    // What has a mask alone has the box around it.
    private static GivenObject Object(DatasetItem item, string label, PictureSize? size, bool masks)
    {
        if (item.Find("score") is not { ValueKind: JsonValueKind.Number } number || !number.TryGetDouble(out double score) || !double.IsFinite(score))
        {
            throw item.Error("there is no 'score' that is a number.");
        }

        bool hasBox = item.Find("bbox") is not null;
        ObjectMask? mask = (masks || !hasBox) && item.Find("segmentation") is { } found ? ObjectFields.Mask(item, found, size) : null;
        if (masks && mask is null) throw item.Error("there is no 'segmentation', which masks are compared by.");
        if (!hasBox && mask is null) throw item.Error("there is no 'bbox' or 'segmentation'.");
        CocoBox box = hasBox ? ObjectFields.Box(item) : new CocoMask(mask!.ToRuns()).Bounds;
        return new GivenObject(label, box, score, masks ? mask : null);
    }
}
