namespace PaliGguf.Evaluation.Datasets;

/// <summary>The ids of a data set's items, each given once.</summary>
/// <param name="repeats">Whether the same may be asked of a picture several times.</param>
internal sealed class ItemIds(bool repeats = false)
{
    /// <summary>The fields that may name a picture's file.</summary>
    public static readonly string[] PictureNames =
        ["image", "file_name", "imgname", "image_path", "image_local_name", "file_path", "filename"];

    private static readonly string[] Own = ["question_id", "questionId", "id"];
    private static readonly string[] OfPicture = ["image_id", .. PictureNames];

    private readonly Dictionary<string, long> _lines = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Picture, string Prompt), long> _prompts = [];
    private readonly Dictionary<string, int> _questions = new(StringComparer.Ordinal);

    /// <summary>
    /// The id of an item: its own, or that of its picture, with a number where several items are about it.
    /// </summary>
    /// <param name="item">The item.</param>
    /// <param name="prompt">What is asked.</param>
    /// <exception cref="PaliException">It has neither, or is there already.</exception>
    public string Of(DatasetItem item, string prompt = "")
    {
        if (item.Find(Own) is not null) return Take(item, item.Name(Own));
        string picture = item.Name(OfPicture);
        if (!_prompts.TryAdd((picture, prompt), item.Line) && !repeats)
        {
            throw item.Error(
                $"the same is asked of '{picture}' in line {_prompts[(picture, prompt)]} already; several expected answers are a list, "
                + "'references'.");
        }

        int number = _questions[picture] = _questions.GetValueOrDefault(picture) + 1;
        return Take(item, number == 1 ? picture : FormattableString.Invariant($"{picture}#{number}"));
    }

    /// <summary>Notes an id.</summary>
    /// <exception cref="PaliException">It is there already.</exception>
    public string Take(DatasetItem item, string id) => _lines.TryAdd(id, item.Line)
        ? id
        : throw item.Error($"'{id}' is there already, in line {_lines[id]}.");
}
