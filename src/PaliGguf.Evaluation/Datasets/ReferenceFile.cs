using System.Text.Json;

namespace PaliGguf.Evaluation.Datasets;

/// <summary>Expected answers: COCO's captions, VQA's annotations, or JSON lines.</summary>
public static class ReferenceFile
{
    private static readonly string[] Lists = ["references", "answers", "captions"];
    private static readonly string[] Singles = ["reference", "answer", "caption", "suffix", "multiple_choice_answer", "label"];

    /// <summary>Reads expected answers.</summary>
    /// <param name="path">
    /// COCO's captions (<c>{"annotations": [{"image_id": 1, "caption": "a cat"}, ...]}</c>, several of one picture), VQA's annotations
    /// (<c>{"annotations": [{"question_id": 1, "answers": [{"answer": "yes"}, ...]}]}</c>), or JSON lines (<c>.jsonl</c>) of objects with
    /// <c>references</c>, <c>answers</c> or <c>captions</c>, or one <c>reference</c>, <c>answer</c>, <c>caption</c> or <c>suffix</c>. Types
    /// are called <c>answer_type</c> or <c>question_type</c>, simple counting questions have <c>issimple</c>.
    /// </param>
    /// <returns>In the order in which they first appear.</returns>
    /// <exception cref="PaliException">The file can not be read, is malformed, holds nothing, or has the same question twice.</exception>
    public static IReadOnlyList<ExpectedAnswer> Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        List<ExpectedAnswer> expected = [];
        Dictionary<string, List<string>> byId = new(StringComparer.Ordinal);
        foreach (DatasetItem item in DatasetFile.Read(path, "annotations", "questions", "data"))
        {
            string id = item.Name(PredictionFile.Ids);
            List<string> references = References(item);
            // COCO has each caption of a picture by itself.
            bool caption = item.Array == "annotations" && item.Find("caption") is not null;
            if (byId.TryAdd(id, references)) expected.Add(new ExpectedAnswer(id, references, Type(item), IsSimple(item)));
            else if (caption) byId[id].AddRange(references);
            else throw item.Error($"'{id}' is there already.");
        }

        return expected.Count > 0 ? expected : throw new PaliException($"{path}: it holds no expected answer.");
    }

    private static List<string> References(DatasetItem item)
    {
        if (item.Find(Lists) is not { ValueKind: JsonValueKind.Array } list)
        {
            return [item.FindText(Singles) ?? throw item.Error($"there is no {DatasetItem.Or([.. Lists, .. Singles])}.")];
        }

        List<string> references = [];
        foreach (JsonElement each in list.EnumerateArray())
        {
            bool isObject = each.ValueKind == JsonValueKind.Object;
            JsonElement text = isObject && each.TryGetProperty("answer", out JsonElement answer) ? answer : each;
            references.Add(item.Text(text, "an expected answer"));
        }

        return references.Count > 0 ? references : throw item.Error("its list of expected answers is empty.");
    }

    private static string? Type(DatasetItem item) => item.FindText("answer_type", "question_type");

    private static bool? IsSimple(DatasetItem item) => item.Find("issimple", "is_simple") switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt32(out int kind) && kind is >= -1 and <= 1 =>
            kind < 0 ? null : kind == 1,
        _ => throw item.Error("'issimple' is none of true, false, 1, 0 and -1."),
    };
}
