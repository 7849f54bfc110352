using System.Text.Json;
using PaliGguf.Batch.Journals;
using PaliGguf.Evaluation;
using PaliGguf.Evaluation.Datasets;

namespace PaliGguf.Batch.Results;

/// <summary>What a file of failures names: pictures, and what was asked about them.</summary>
internal sealed class FailedQuestions
{
    private readonly HashSet<ItemKey> _items = [];
    private readonly HashSet<ItemKey> _whole = [];
    private readonly HashSet<ItemKey> _questions = [];

    /// <summary>How many pictures it names.</summary>
    public int Count => _items.Count;

    /// <summary>Reads a file of failures.</summary>
    /// <exception cref="PaliException">It can not be read, or a line is none.</exception>
    public static FailedQuestions Read(string path)
    {
        FailedQuestions failed = new();
        using FileStream file = InputFile.Open(path, "the file of failures");
        BoundedLines lines = new(file);
        while (lines.Read())
        {
            if (lines.Line.IsEmpty) continue;
            failed.Add(Parse(path, lines));
        }

        return failed;
    }

    /// <summary>A picture with what is to be asked again; null where that is nothing.</summary>
    /// <param name="item">The picture.</param>
    /// <param name="usual">What is asked about those that say nothing themselves.</param>
    public WorkItem? Again(WorkItem item, IReadOnlyList<Question> usual)
    {
        if (!_items.Contains(ItemKey.Of(item.Id))) return null;
        if (_whole.Contains(ItemKey.Of(item.Id))) return item;
        Question[] again = [.. (item.Questions.Count > 0 ? item.Questions : usual)
            .Where(question => _questions.Contains(KeyOf(item.Id, question.Name)))];
        return again.Length > 0 ? item with { Questions = again } : null;
    }

    private static FailureLine Parse(string path, BoundedLines lines)
    {
        try
        {
            FailureLine? line = lines.TooLong || !UnicodeJson.IsIn(lines.Line.Span) ? null
                : JsonSerializer.Deserialize(lines.Line.Span, ResultJson.Default.FailureLine);
            return line ?? throw new PaliException(
                $"{path}, line {lines.Number}: expected what a batch writes of a failure, with 'id', 'source' and 'error'.");
        }
        catch (JsonException e)
        {
            throw new PaliException(
                $"{path}, line {lines.Number}: it is nothing that a batch writes of a failure: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    private static ItemKey KeyOf(string id, string question) => ItemKey.Of($"{id}\0{question}");

    private void Add(FailureLine line)
    {
        _items.Add(ItemKey.Of(line.Id));
        if ((line.Task ?? line.Prompt) is { } question) _questions.Add(KeyOf(line.Id, question));
        else _whole.Add(ItemKey.Of(line.Id));
    }
}
