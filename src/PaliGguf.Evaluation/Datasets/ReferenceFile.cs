using System.Text.Json;

namespace PaliGguf.Evaluation.Datasets;

/// <summary>Expected answers: a data set, or COCO's captions and VQA's annotations without pictures or questions.</summary>
public static class ReferenceFile
{
    private static readonly string[] Arrays = ["annotations", "questions", "data"];

    /// <summary>Reads expected answers.</summary>
    /// <param name="path">
    /// COCO's captions (<c>{"annotations": [{"image_id": 1, "caption": "a cat"}, ...]}</c>, several of one picture), VQA's annotations
    /// (<c>{"annotations": [{"question_id": 1, "answers": [{"answer": "yes"}, ...]}]}</c>), or JSON lines (<c>.jsonl</c>) of objects with
    /// <c>references</c>, <c>answers</c> or <c>captions</c>, or one <c>reference</c>, <c>answer</c>, <c>caption</c> or <c>suffix</c>. Types
    /// are called <c>answer_type</c> or <c>question_type</c>, simple counting questions have <c>issimple</c>. Anything else that
    /// <see cref="Dataset"/> reads: a folder, COCO's instances, files of rows.
    /// </param>
    /// <param name="options">How a data set is read, and whether masks are; null for the defaults.</param>
    /// <returns>In the order in which they first appear; those of a data set with items picture by picture.</returns>
    /// <exception cref="PaliException">It can not be read, is malformed, holds nothing, or has the same question twice.</exception>
    public static IReadOnlyList<ExpectedAnswer> Read(string path, DatasetOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options ??= new DatasetOptions();
        if (IsWhole(path, options)) return [.. Dataset.Read(path, options).Select(item => item.Expected)];
        List<ExpectedAnswer> expected = [];
        Dictionary<string, List<string>> captions = new(StringComparer.Ordinal);
        FlatQuestions questions = new(options.Masks);
        foreach (DatasetItem item in DatasetFile.Read(path, Arrays))
        {
            if (item.Array != "annotations" || item.FindText("caption") is not { } caption)
            {
                expected.AddRange(questions.Of(item).Select(asked => asked.Expected));
                continue;
            }

            // COCO has each caption of a picture by itself.
            string picture = item.Name("image_id");
            if (captions.TryGetValue(picture, out List<string>? others))
            {
                others.Add(caption);
                continue;
            }

            captions[picture] = [caption];
            expected.Add(new ExpectedAnswer(picture, captions[picture]));
        }

        return expected.Count > 0 ? expected : throw new PaliException($"{path}: it holds no expected answer.");
    }

    // What has expected answers by the names that only a whole data set tells.
    private static bool IsWhole(string path, DatasetOptions options) =>
        Directory.Exists(path)
        || options.Formats.Any(format => path.EndsWith(format.Extension, StringComparison.OrdinalIgnoreCase))
        || (DatasetFile.Read(path, Arrays).FirstOrDefault() is { Value.ValueKind: not JsonValueKind.Undefined } first && CocoItems.IsOfObject(first));
}
