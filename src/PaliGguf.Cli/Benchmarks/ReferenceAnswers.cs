using System.Text.Json;

namespace PaliGguf.Cli.Benchmarks;

/// <summary>
/// Answers of a reference, from a JSON file like models/pali-nano/goldens.json: <c>{ "goldens": [{ "image", "prompt", "suffix_ids" }]
/// }</c>, where the tokens end with the end of sequence, and the pictures lie in the folder <c>samples</c> beside the file, or beside it.
/// </summary>
internal static class ReferenceAnswers
{
    private const long LargestFile = 64 << 20;
    private const int MostQuestions = 10_000;
    private const int MostTokens = 1024;

    /// <exception cref="IOException">The file or a picture is not there.</exception>
    /// <exception cref="PaliException">It is malformed.</exception>
    public static IReadOnlyList<BenchQuestion> Read(string path)
    {
        FileInfo file = new(path);
        if (!file.Exists) throw new FileNotFoundException($"{path}: no such file of reference answers.", path);
        if (file.Length > LargestFile) throw new PaliException($"{path}: a file of reference answers has at most {LargestFile} bytes.");
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            JsonElement goldens = document.RootElement.GetProperty("goldens");
            if (goldens.GetArrayLength() is var count and (0 or > MostQuestions))
            {
                throw new PaliException($"{path}: there are {count} answers in 'goldens'; expected 1 to {MostQuestions}.");
            }

            return [.. goldens.EnumerateArray().Select(golden => Read(golden, file.DirectoryName!, path))];
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new PaliException($"{path}: these are no reference answers: {failure.Message}", failure);
        }
    }

    private static BenchQuestion Read(JsonElement golden, string folder, string path)
    {
        string name = golden.GetProperty("image").GetString() ?? throw new FormatException("an image is null.");
        string prompt = golden.GetProperty("prompt").GetString() ?? throw new FormatException("a prompt is null.");
        int[] tokens = [.. golden.GetProperty("suffix_ids").EnumerateArray().Select(id => id.GetInt32())];
        if (tokens.Length is 0 or > MostTokens)
        {
            throw new PaliException(
                $"{path}: the answer to '{prompt}' has {tokens.Length} tokens; expected 1 to {MostTokens}, the end of sequence among "
                    + "them.");
        }

        // A name alone: a file of answers says nothing of other folders.
        string file = Path.GetFileName(name);
        string? picture = new[] { Path.Combine(folder, "samples", file), Path.Combine(folder, file) }.FirstOrDefault(File.Exists);
        return picture is not null
            ? new BenchQuestion(picture, prompt, tokens[..^1])
            : throw new FileNotFoundException(
                $"{path}: the picture {name} lies neither in the folder 'samples' beside it nor beside it.", name);
    }
}
