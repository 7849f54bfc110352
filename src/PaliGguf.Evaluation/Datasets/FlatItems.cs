using System.Text.Json;

namespace PaliGguf.Evaluation.Datasets;

/// <summary>Items that stand in objects of their own: JSON lines, arrays, rows.</summary>
internal sealed class FlatItems(PictureFinder pictures, bool masks, IReadOnlyDictionary<string, ExpectedAnswer>? answers = null)
{
    private static readonly string[] Questions = ["question", "query", "text", "expression", "sentence"];

    private readonly ItemIds _ids = new();

    /// <summary>The items of an object: one, or one for each of its sentences.</summary>
    /// <param name="item">The object.</param>
    /// <param name="picture">The picture that comes with it; null where it names one.</param>
    /// <exception cref="PaliException">A field is missing or malformed, or the item is there already.</exception>
    public IEnumerable<EvaluationItem> Of(DatasetItem item, PictureSource? picture = null)
    {
        picture ??= item.Find(ItemIds.PictureNames) is not null
            ? pictures.Named(item, item.Name(ItemIds.PictureNames))
            : pictures.WithId(item, item.Name(["image_id", .. ItemIds.PictureNames]));
        string? prompt = item.FindText("prefix", "prompt");
        if (item.Find("sentences") is { ValueKind: JsonValueKind.Array } sentences)
        {
            string all = _ids.Of(item);
            foreach ((int i, JsonElement sentence) in sentences.EnumerateArray().Index())
            {
                string text = sentence.ValueKind == JsonValueKind.Object
                    ? (item with { Value = sentence }).FindText("raw", "sent", "sentence") ?? throw item.Error("a sentence has no text.")
                    : item.Text(sentence, "a sentence");
                yield return Item(_ids.Take(item, FormattableString.Invariant($"{all}/{i + 1}")), text);
            }

            yield break;
        }

        string? question = item.FindText(Questions);
        yield return Item(_ids.Of(item, prompt ?? question ?? ""), question);

        EvaluationItem Item(string id, string? asked)
        {
            ExpectedAnswer expected = answers is null
                ? ExpectedFields.Read(item, id, masks)
                : answers.GetValueOrDefault(id) ?? throw item.Error($"the annotations have no answer to '{id}'.");
            return new EvaluationItem(expected, picture, item.Place)
            {
                Prompt = prompt,
                Question = asked,
                Labels = [.. (expected.Objects ?? []).Select(each => each.Label).Where(label => label.Length > 0).Distinct(StringComparer.Ordinal)],
            };
        }
    }
}
