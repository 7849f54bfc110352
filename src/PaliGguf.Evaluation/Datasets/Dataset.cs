namespace PaliGguf.Evaluation.Datasets;

/// <summary>Reads data sets: pictures, what is asked about them, and what is expected. The pictures themselves are read later.</summary>
public static class Dataset
{
    private static readonly string[] Arrays = ["images", "categories", "annotations", "questions", "data"];

    /// <summary>Reads a data set.</summary>
    /// <param name="path">
    /// A folder with <c>valid/annotations.jsonl</c>, <c>_annotations.valid.jsonl</c> or files of rows, or a file: JSON lines of
    /// <c>image</c>, <c>prefix</c> and <c>suffix</c> (or <c>question</c>, <c>answers</c> and the like); COCO's captions or instances; the
    /// questions of VQAv2, TextVQA, DocVQA or ChartQA; RefCOCO's expressions.
    /// </param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <returns>The items in their order; those of one picture follow each other.</returns>
    /// <exception cref="PaliException">It can not be read, holds nothing, or is malformed; then with file and line.</exception>
    public static IReadOnlyList<EvaluationItem> Read(
        string path, DatasetOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new DatasetOptions();
        string[] endings = [.. options.Formats.Select(format => format.Extension)];
        IReadOnlyList<string> files = Directory.Exists(path) ? DatasetLayout.Find(path, options.Split, endings) : [path];
        List<EvaluationItem> items = [];
        foreach (EvaluationItem item in Items(files, options, cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            items.Add(item);
        }

        if (items.Count == 0) throw new PaliException($"{path}: it holds no items.");
        return [.. items.GroupBy(item => item.Picture.Name, StringComparer.Ordinal).SelectMany(group => group)];
    }

    private static IEnumerable<EvaluationItem> Items(IReadOnlyList<string> files, DatasetOptions options, CancellationToken cancellationToken)
    {
        PictureFinder pictures = new(options.Images ?? Path.GetDirectoryName(Path.GetFullPath(files[0]))!);
        IReadOnlyDictionary<string, ExpectedAnswer>? answers = options.Annotations is { } annotations
            ? ReferenceFile.Read(annotations, options with { Annotations = null }).ToDictionary(each => each.Id, StringComparer.Ordinal)
            : null;
        FlatItems flat = new(pictures, options.Masks, answers, options.Repeats);
        foreach (string file in files)
        {
            IEnumerable<EvaluationItem> items =
                options.Formats.FirstOrDefault(format => file.EndsWith(format.Extension, StringComparison.OrdinalIgnoreCase)) is { } format
                    ? format.Read(file, cancellationToken).SelectMany(row => Sound(() => flat.Of(DatasetItem.Of(file, row), row.Picture), options))
                : DatasetFile.Read(file, options.Broken is null ? null : static _ => { }, Arrays).FirstOrDefault().Array is "images" or "categories" or "annotations"
                    ? new CocoItems(file, pictures, options.Masks).Read()
                : DatasetFile.Read(file, options.Broken, Arrays).SelectMany(item => Sound(() => flat.Of(item), options));
            foreach (EvaluationItem item in items) yield return item;
        }
    }

    // A row's items, or none where it is malformed and somebody wants to be told.
    private static IEnumerable<EvaluationItem> Sound(Func<IEnumerable<EvaluationItem>> row, DatasetOptions options)
    {
        if (options.Broken is not { } broken) return row();
        try
        {
            return [.. row()];
        }
        catch (PaliException e)
        {
            broken(e);
            return [];
        }
    }
}
