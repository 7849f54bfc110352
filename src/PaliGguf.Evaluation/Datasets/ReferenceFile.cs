namespace PaliGguf.Evaluation.Datasets;

/// <summary>Expected answers: COCO's captions, VQA's annotations, or JSON lines.</summary>
public static class ReferenceFile
{
    /// <summary>Reads expected answers.</summary>
    /// <param name="path">
    /// COCO's captions (<c>{"annotations": [{"image_id": 1, "caption": "a cat"}, ...]}</c>, several of one picture), VQA's annotations
    /// (<c>{"annotations": [{"question_id": 1, "answers": [{"answer": "yes"}, ...]}]}</c>), or JSON lines (<c>.jsonl</c>) of objects with
    /// <c>references</c>, <c>answers</c> or <c>captions</c>, or one <c>reference</c>, <c>answer</c>, <c>caption</c> or <c>suffix</c>. Types
    /// are called <c>answer_type</c> or <c>question_type</c>, simple counting questions have <c>issimple</c>.
    /// </param>
    /// <param name="masks">Whether the masks of objects are read too.</param>
    /// <returns>In the order in which they first appear.</returns>
    /// <exception cref="PaliException">The file can not be read, is malformed, holds nothing, or has the same question twice.</exception>
    public static IReadOnlyList<ExpectedAnswer> Read(string path, bool masks = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        List<ExpectedAnswer> expected = [];
        Dictionary<string, List<string>> captions = new(StringComparer.Ordinal);
        ItemIds ids = new();
        foreach (DatasetItem item in DatasetFile.Read(path, "annotations", "questions", "data"))
        {
            if (item.Array != "annotations" || item.FindText("caption") is not { } caption)
            {
                string asked = item.FindText("prefix", "prompt", "question", "query", "text") ?? "";
                expected.Add(ExpectedFields.Read(item, ids.Of(item, asked), masks));
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
            expected.Add(new ExpectedAnswer(ids.Take(item, picture), captions[picture]));
        }

        return expected.Count > 0 ? expected : throw new PaliException($"{path}: it holds no expected answer.");
    }
}
