using System.Text.Json;
using PaliGguf.Batch.Results;
using PaliGguf.Parquet;

namespace PaliGguf.Batch.Exports;

/// <summary>Answers as a Parquet file: a row an answer.</summary>
internal static class AnswerTable
{
    private static readonly string[] Columns = ["id", "source", "task", "prompt", "text", "answer"];

    public static void Write(string path, IEnumerable<AnswerLine> lines) => TextTable.Write(
        path, Columns, lines.Select(
            line => (string?[])[line.Id, line.Source, line.Task, line.Prompt, Text(line), line.Answer.GetRawText()]));

    /// <summary>The answer as the model wrote it.</summary>
    public static string? Text(AnswerLine line) =>
        line.Answer.ValueKind == JsonValueKind.Object && line.Answer.TryGetProperty("text", out JsonElement text)
            && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
}
