using System.Text.Json;

namespace PaliGguf.Evaluation.Datasets;

/// <summary>What objects of their own ask, and what they expect, without their pictures.</summary>
/// <param name="masks">Whether masks of objects are read.</param>
/// <param name="answers">What is expected, by ids, where it stands elsewhere; null where the objects have it.</param>
/// <param name="repeats">Whether the same may be asked of a picture several times.</param>
internal sealed class FlatQuestions(bool masks, IReadOnlyDictionary<string, ExpectedAnswer>? answers = null, bool repeats = false)
{
    private static readonly string[] Questions = ["question", "query", "text", "expression", "sentence"];

    private readonly ItemIds _ids = new(repeats);

    /// <summary>The prompt of an object; null without one.</summary>
    public static string? PromptOf(DatasetItem item) => item.FindText("prefix", "prompt");

    /// <summary>The questions of an object: one, or one for each of its sentences.</summary>
    /// <exception cref="PaliException">A field is missing or malformed, or the question is there already.</exception>
    public IEnumerable<(string? Question, ExpectedAnswer Expected)> Of(DatasetItem item)
    {
        if (item.Find("sentences") is not { ValueKind: JsonValueKind.Array } sentences)
        {
            string? question = item.FindText(Questions);
            yield return (question, Expected(item, _ids.Of(item, PromptOf(item) ?? question ?? "")));
            yield break;
        }

        string all = _ids.Of(item);
        foreach ((int i, JsonElement sentence) in sentences.EnumerateArray().Index())
        {
            string text = sentence.ValueKind == JsonValueKind.Object
                ? (item with { Value = sentence }).FindText("raw", "sent", "sentence") ?? throw item.Error("a sentence has no text.")
                : item.Text(sentence, "a sentence");
            yield return (text, Expected(item, _ids.Take(item, FormattableString.Invariant($"{all}/{i + 1}"))));
        }
    }

    private ExpectedAnswer Expected(DatasetItem item, string id) => answers is null
        ? ExpectedFields.Read(item, id, masks)
        : answers.GetValueOrDefault(id) ?? throw item.Error($"the annotations have no answer to '{id}'.");
}
