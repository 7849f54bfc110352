namespace PaliGguf.Evaluation.Datasets;

/// <summary>Answers that a program gave: COCO's and VQA's files of results, or JSON lines.</summary>
public static class PredictionFile
{
    // What an answer belongs to: the first that is there counts.
    private static readonly string[] Ids = ["question_id", "questionId", "id", "image_id", "image"];

    // Captions of COCO have ids of their own, which mean nothing.
    private static readonly string[] IdsOfCaption = ["image_id", .. Ids];

    private static readonly string[] Answers = ["prediction", "answer", "caption", "text"];

    /// <summary>Reads answers.</summary>
    /// <param name="path">
    /// A JSON array (<c>[{"image_id": 1, "caption": "a cat"}]</c>, <c>[{"question_id": 1, "answer": "yes"}]</c>) or JSON lines of such
    /// objects (<c>.jsonl</c>), the answer called <c>prediction</c>, <c>answer</c>, <c>caption</c> or <c>text</c>.
    /// </param>
    /// <returns>The answers in their order, by what each belongs to.</returns>
    /// <exception cref="PaliException">
    /// The file can not be read, is malformed, holds nothing, or two answers belong to the same.
    /// </exception>
    public static IReadOnlyDictionary<string, GivenAnswer> Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Dictionary<string, GivenAnswer> answers = new(StringComparer.Ordinal);
        foreach (DatasetItem item in DatasetFile.Read(path, "predictions", "annotations", "data"))
        {
            string id = item.Name(item.Find("caption") is null ? Ids : IdsOfCaption);
            string answer = item.FindText(Answers) ?? throw item.Error($"there is no {DatasetItem.Or(Answers)}.");
            if (!answers.TryAdd(id, new GivenAnswer(answer))) throw item.Error($"there is an answer to '{id}' already.");
        }

        return answers.Count > 0 ? answers : throw new PaliException($"{path}: it holds no answer.");
    }
}
