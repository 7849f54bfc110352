using System.Text.Json;
using PaliGguf.Batch.Results;
using PaliGguf.Evaluation;
using PaliGguf.Evaluation.Datasets;

namespace PaliGguf.Batch.Exports;

/// <summary>Reads the answers of a batch again, one after the other.</summary>
internal static class ResultLines
{
    // Masks of many things in a large picture are long.
    private const int Longest = 256 << 20;

    /// <summary>The answers of a file; none where there is no file, as of a batch without any.</summary>
    /// <exception cref="PaliException">Thrown while they are read: it can not be read, or a line is none.</exception>
    public static IEnumerable<AnswerLine> Read(string path)
    {
        if (!File.Exists(path)) yield break;
        using FileStream file = InputFile.Open(path, "the results");
        BoundedLines lines = new(file, Longest);
        while (lines.Read()) yield return Parse(path, lines);
    }

    private static AnswerLine Parse(string path, BoundedLines lines)
    {
        try
        {
            if (!lines.TooLong && UnicodeJson.IsIn(lines.Line.Span)
                && JsonSerializer.Deserialize(lines.Line.Span, ResultJson.Default.AnswerLine) is
                    { Answer.ValueKind: JsonValueKind.Object } line)
            {
                return line;
            }

            throw new PaliException($"{path}, line {lines.Number}: it is no result of a batch.");
        }
        catch (JsonException e)
        {
            throw new PaliException($"{path}, line {lines.Number}: it is no result of a batch: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }
}
