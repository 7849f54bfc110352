using System.Globalization;
using PaliGguf.Evaluation.Datasets;

namespace PaliGguf.Batch.Exports;

/// <summary>The ids of what is looked for in COCO's results.</summary>
public sealed class CocoCategories
{
    private readonly Dictionary<string, string> _ids = new(StringComparer.Ordinal);

    private CocoCategories()
    {
    }

    /// <summary>Numbers from 1 on, in the order in which things are looked for.</summary>
    public static CocoCategories Of(IEnumerable<Question> questions)
    {
        ArgumentNullException.ThrowIfNull(questions);
        CocoCategories categories = new();
        foreach (string label in questions.SelectMany(question => question.Labels ?? []))
            categories._ids.TryAdd(label, (categories._ids.Count + 1).ToString(CultureInfo.InvariantCulture));
        return categories;
    }

    /// <summary>Those of a file of COCO's annotations.</summary>
    /// <exception cref="PaliException">It can not be read, or has none.</exception>
    public static CocoCategories Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        CocoCategories categories = new();
        foreach (DatasetItem item in DatasetFile.Read(path, "categories")) categories._ids.TryAdd(item.Name("name"), item.Name("id"));
        return categories._ids.Count > 0 ? categories
            : throw new PaliException($"{path}: it has no 'categories', as COCO's annotations have them.");
    }

    /// <summary>The id of a category; null where there is none of this name.</summary>
    public string? Find(string label) => _ids.GetValueOrDefault(label);
}
