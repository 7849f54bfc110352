namespace PaliGguf.Evaluation.Datasets;

/// <summary>Items that stand in objects of their own: JSON lines, arrays, rows.</summary>
internal sealed class FlatItems(
    PictureFinder pictures, bool masks, IReadOnlyDictionary<string, ExpectedAnswer>? answers = null, bool repeats = false)
{
    private readonly FlatQuestions _questions = new(masks, answers, repeats);

    /// <summary>The items of an object: one, or one for each of its sentences.</summary>
    /// <param name="item">The object.</param>
    /// <param name="picture">The picture that comes with it; null where it names one.</param>
    /// <exception cref="PaliException">A field is missing or malformed, or the item is there already.</exception>
    public IEnumerable<EvaluationItem> Of(DatasetItem item, PictureSource? picture = null)
    {
        picture ??= item.Find(ItemIds.PictureNames) is not null
            ? pictures.Named(item, item.Name(ItemIds.PictureNames))
            : pictures.WithId(item, item.Name(["image_id", .. ItemIds.PictureNames]));
        string? prompt = FlatQuestions.PromptOf(item);
        return _questions.Of(item).Select(asked => new EvaluationItem(asked.Expected, picture, item.Place)
        {
            Prompt = prompt,
            Question = asked.Question,
            Labels = [.. (asked.Expected.Objects ?? []).Select(each => each.Label).Where(label => label.Length > 0).Distinct(StringComparer.Ordinal)],
        });
    }
}
