using PaliGguf.Batch.Results;

namespace PaliGguf.Batch.Exports;

/// <summary>In what form results are wanted, by the ending of their name: lines of JSON, Parquet, or COCO's results.</summary>
public static class ResultForm
{
    /// <summary>Sees whether results of what is asked can have a form, before anything is asked.</summary>
    /// <exception cref="PaliException">They can not.</exception>
    public static void Check(ResultPaths paths, IReadOnlyList<Question> questions)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(questions);
        switch (Path.GetExtension(paths.Results).ToLowerInvariant())
        {
            case ".jsonl" or ".ndjson" or ".parquet":
                return;
            case ".json" when questions.Count == 0
                || questions.Any(question => question.Labels is not null) == questions.All(question => question.Labels is not null):
                if (questions.Count(question => question.Labels is null) <= 1) return;
                throw new PaliException(
                    $"{paths.Results}: COCO's results have one caption of a picture, and {questions.Count} texts are asked: ask one, or "
                    + "name a file .jsonl or .parquet.");
            case ".json":
                throw new PaliException(
                    $"{paths.Results}: COCO's results are captions or objects, and both are asked: ask one kind, or name a file .jsonl or "
                    + ".parquet.");
            default:
                throw new PaliException($"{paths.Results}: expected a name ending in .jsonl, .parquet, or .json for COCO's results.");
        }
    }

    /// <summary>Makes the results from their lines, where they are not the lines themselves.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="categories">COCO's ids of categories, by their names.</param>
    /// <exception cref="PaliException">They can not be written.</exception>
    public static void Write(ResultPaths paths, CocoCategories categories)
    {
        ArgumentNullException.ThrowIfNull(paths);
        if (paths.IsLines) return;
        IEnumerable<AnswerLine> lines = ResultLines.Read(paths.Lines);
        if (Path.GetExtension(paths.Results).Equals(".parquet", StringComparison.OrdinalIgnoreCase))
            AnswerTable.Write(paths.Results, lines);
        else CocoAnswers.Write(paths.Results, lines, categories);
    }
}
