using System.Text.Json;

namespace PaliGguf.Evaluation.Datasets;

/// <summary>
/// COCO's captions, one item a picture, and COCO's objects, one item for each picture and category that is in it. Files with "refs" of
/// RefCOCO's kind have one item for each sentence.
/// </summary>
internal sealed class CocoItems(string path, PictureFinder pictures, bool masks)
{
    private readonly Dictionary<string, (DatasetItem Item, PictureSize? Size)> _images = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _categories = new(StringComparer.Ordinal);
    private readonly List<DatasetItem> _refs = [];

    /// <summary>The names of categories, by their numbers.</summary>
    public IReadOnlyDictionary<string, string> Categories => _categories;

    /// <summary>Whether an annotation is of an object, and no caption or answer.</summary>
    public static bool IsOfObject(DatasetItem annotation) => annotation.Array == "annotations" && annotation.Find("category_id") is not null;

    /// <summary>Reads the items.</summary>
    /// <exception cref="PaliException">The file is malformed.</exception>
    public IEnumerable<EvaluationItem> Read()
    {
        ReadNames();
        IEnumerable<DatasetItem> annotations = DatasetFile.Read(path, "annotations");
        return _refs.Count > 0 ? Sentences(annotations) : _categories.Count > 0 ? Objects(annotations) : Captions(annotations);
    }

    /// <summary>The objects of each picture, all categories together, as COCO's own program sees them; none of some pictures.</summary>
    /// <exception cref="PaliException">The file is malformed.</exception>
    public IReadOnlyList<ExpectedAnswer> ReadPictures()
    {
        ReadNames();
        Dictionary<string, List<ExpectedObject>> byImage = _images.Keys.ToDictionary(id => id, _ => new List<ExpectedObject>(), StringComparer.Ordinal);
        foreach (DatasetItem annotation in DatasetFile.Read(path, "annotations")) byImage[Image(annotation)].Add(Object(annotation));
        return [.. byImage.Select(pair => new ExpectedAnswer(pair.Key, []) { Objects = pair.Value, Size = _images[pair.Key].Size })];
    }

    // What annotations name may stand behind them.
    private void ReadNames()
    {
        foreach (DatasetItem item in DatasetFile.Read(path, "images", "categories", "refs"))
        {
            if (item.Array == "refs") _refs.Add(item);
            else if (item.Array == "categories") Add(_categories, item, item.FindText("name") ?? throw item.Error("there is no 'name'."));
            else Add(_images, item, (item, ObjectFields.Size(item)));
        }
    }

    private IEnumerable<EvaluationItem> Captions(IEnumerable<DatasetItem> annotations)
    {
        Dictionary<string, List<string>> captions = new(StringComparer.Ordinal);
        foreach (DatasetItem annotation in annotations)
        {
            string caption = annotation.FindText("caption") ?? throw annotation.Error("there is no 'caption'.");
            Gather(captions, Image(annotation), caption);
        }

        return captions.Select(pair => Item(pair.Key, pair.Key, new ExpectedAnswer(pair.Key, pair.Value)));
    }

    private IEnumerable<EvaluationItem> Objects(IEnumerable<DatasetItem> annotations)
    {
        Dictionary<string, List<ExpectedObject>> byImage = new(StringComparer.Ordinal);
        foreach (DatasetItem annotation in annotations) Gather(byImage, Image(annotation), Object(annotation));
        Dictionary<string, string> numbers = _categories.ToDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);
        return from image in byImage
               from category in image.Value.GroupBy(each => each.Label, StringComparer.Ordinal)
               let id = $"{image.Key}/{category.Key}"
               select Item(id, image.Key, new ExpectedAnswer(id, []) { Objects = [.. category] }) with
               {
                   Labels = [category.Key],
                   Coco = new CocoNumbers(image.Key, numbers),
               };
    }

    private IEnumerable<EvaluationItem> Sentences(IEnumerable<DatasetItem> annotations)
    {
        Dictionary<string, DatasetItem> byRef = new(StringComparer.Ordinal);
        foreach (DatasetItem each in _refs) byRef[each.Name("ann_id")] = each;
        Dictionary<string, ExpectedObject> objects = new(StringComparer.Ordinal);
        foreach (DatasetItem annotation in annotations)
        {
            if (byRef.ContainsKey(annotation.Name("id"))) objects[annotation.Name("id")] = Object(annotation);
        }

        ItemIds ids = new();
        foreach (DatasetItem each in _refs)
        {
            string name = each.Name("ann_id");
            ExpectedObject item = objects.GetValueOrDefault(name) ?? throw each.Error($"there is no annotation {name}.");
            if (each.Find("sentences") is not { ValueKind: JsonValueKind.Array } sentences) throw each.Error("there are no 'sentences'.");
            foreach ((int i, JsonElement sentence) in sentences.EnumerateArray().Index())
            {
                if (sentence.ValueKind != JsonValueKind.Object) throw each.Error("a sentence is no object.");
                DatasetItem inner = each with { Value = sentence };
                string id = ids.Take(each, FormattableString.Invariant($"{each.Name("ref_id")}/{i + 1}"));
                yield return Item(id, Image(each), new ExpectedAnswer(id, []) { Objects = [item] }) with
                {
                    Question = inner.FindText("raw", "sent") ?? throw each.Error("a sentence has no 'raw' or 'sent'."),
                    Labels = item.Label.Length > 0 ? [item.Label] : [],
                };
            }
        }
    }

    private ExpectedObject Object(DatasetItem annotation)
    {
        string category = annotation.Name("category_id");
        string label = _categories.GetValueOrDefault(category) ?? throw annotation.Error($"there is no category {category}.");
        return ObjectFields.Read(annotation, label, _images[Image(annotation)].Size, masks);
    }

    private string Image(DatasetItem annotation)
    {
        string id = annotation.Name("image_id");
        return _images.ContainsKey(id) ? id : throw annotation.Error($"there is no image {id}.");
    }

    private EvaluationItem Item(string id, string image, ExpectedAnswer expected)
    {
        (DatasetItem item, PictureSize? size) = _images[image];
        return new EvaluationItem(expected with { Id = id, Size = size }, pictures.Named(item, item.Name("file_name")), item.Place);
    }

    private static void Add<T>(Dictionary<string, T> all, DatasetItem item, T value)
    {
        if (!all.TryAdd(item.Name("id"), value)) throw item.Error($"'{item.Name("id")}' is there already.");
    }

    private static void Gather<T>(Dictionary<string, List<T>> all, string id, T value)
    {
        if (!all.TryGetValue(id, out List<T>? list)) all[id] = list = [];
        list.Add(value);
    }
}
