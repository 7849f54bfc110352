using System.Text.Json;

namespace PaliGguf.Evaluation.Samples;

/// <summary>A file of prompts: one per line, or JSON lines that name a picture each.</summary>
internal static class PromptFile
{
    private const long LongestFile = 64L << 20;

    private static readonly string[] LineBreaks = ["\r\n", "\n", "\r"];

    /// <returns>At least one line; either all of them name a picture, or none does.</returns>
    public static IReadOnlyList<PromptLine> Read(string path)
    {
        string[] lines = InputFile.ReadText(path, "the file of prompts", LongestFile).Split(LineBreaks, StringSplitOptions.None);
        int first = Array.FindIndex(lines, line => !string.IsNullOrWhiteSpace(line));
        if (first < 0) throw new PaliException($"{path}: it holds no prompt.");
        bool json = lines[first].TrimStart().StartsWith('{');
        return
        [
            .. from item in lines.Index()
               where !string.IsNullOrWhiteSpace(item.Item)
               select json ? ReadJson(path, item.Index + 1, item.Item) : new PromptLine(Picture: null, item.Item.Trim()),
        ];
    }

    private static PromptLine ReadJson(string path, int number, string line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            return new PromptLine(Text(root, "image"), Text(root, "prompt"));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new PaliException($"{path}: line {number} is not {{\"image\": \"FILE\", \"prompt\": \"TEXT\"}}: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    private static string Text(JsonElement root, string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String && value.GetString() is { } text
        && !string.IsNullOrWhiteSpace(text) && !text.Contains('\0', StringComparison.Ordinal)
            ? text
            : throw new FormatException($"there is no text called '{name}'.");
}

/// <summary>A line of it.</summary>
/// <param name="Picture">The picture's file, relative to the folder of pictures; null for every picture.</param>
/// <param name="Prompt">The prompt.</param>
internal sealed record PromptLine(string? Picture, string Prompt);
