using System.Text.Json;

namespace PaliGguf.Evaluation.Datasets;

/// <summary>The fields that tell what is expected, by all the names that they go by.</summary>
internal static class ExpectedFields
{
    private static readonly string[] Lists = ["references", "answers", "captions", "direct_answers"];
    private static readonly string[] Singles = ["reference", "answer", "caption", "suffix", "multiple_choice_answer", "label"];

    /// <summary>What an item expects.</summary>
    /// <param name="item">The item.</param>
    /// <param name="id">Its id.</param>
    /// <param name="masks">Whether masks of objects are read.</param>
    /// <exception cref="PaliException">It expects nothing, or a field is malformed.</exception>
    public static ExpectedAnswer Read(DatasetItem item, string id, bool masks = false)
    {
        PictureSize? size = ObjectFields.Size(item);
        IReadOnlyList<ExpectedObject>? objects = ObjectFields.Find(item, size, masks);
        List<string>? references = References(item);
        if (references is null && objects is null) throw item.Error($"there is no {DatasetItem.Or([.. Lists, .. Singles])}.");
        return new ExpectedAnswer(id, references ?? [], item.FindText("answer_type", "question_type", "type"), IsSimple(item))
        {
            Objects = objects,
            Size = size,
        };
    }

    private static List<string>? References(DatasetItem item)
    {
        JsonElement? found = item.Find([.. Lists, .. Singles]);
        if (found is not { ValueKind: JsonValueKind.Array } list) return item.FindText(Singles) is { } single ? [single] : null;
        List<string> references = [];
        foreach (JsonElement each in list.EnumerateArray())
        {
            bool isObject = each.ValueKind == JsonValueKind.Object;
            JsonElement text = isObject && each.TryGetProperty("answer", out JsonElement answer) ? answer : each;
            references.Add(item.Text(text, "an expected answer"));
        }

        return references.Count > 0 ? references : throw item.Error("its list of expected answers is empty.");
    }

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
