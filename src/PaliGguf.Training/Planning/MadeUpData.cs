using System.Text.Json;
using PaliGguf.Gguf;
using PaliGguf.Language;

namespace PaliGguf.Training.Planning;

/// <summary>A data set of made-up pictures and texts in a folder of its own, and a place for what a run on it writes.</summary>
internal sealed class MadeUpData : IDisposable
{
    // What oneDNN prepares for lengths of their own is kept.
    private const int ShorterByExample = 8, Lengths = 3, Least = 2;

    private const string Prompt = "a", Word = "a ";

    private readonly string _folder = Directory.CreateTempSubdirectory("paligguf-plan-").FullName;

    /// <summary>Writes it.</summary>
    /// <param name="model">The text GGUF, for its tokens.</param>
    /// <param name="pictures">How many.</param>
    /// <param name="ofEach">The examples of each.</param>
    /// <param name="textTokens">Tokens of prefix and suffix together, of the longest example.</param>
    public MadeUpData(string model, int pictures, int ofEach, int textTokens)
    {
        using GgufFile opened = GgufFile.Open(model);
        Vocabulary vocabulary = new(TextModelLayout.Read(opened).Tokenizer!);
        string[] answers = [.. Enumerable.Range(0, Lengths).Select(
            shorter => Answer(vocabulary, Math.Max(Least, textTokens - (shorter * ShorterByExample))))];
        using StreamWriter file = File.CreateText(Path);
        for (int i = 0; i < pictures; i++)
        {
            File.WriteAllBytes(System.IO.Path.Combine(_folder, $"{i}.jpg"), MadeUpPicture.Content);
            for (int each = 0; each < ofEach; each++)
            {
                string answer = answers[(i + each) % Lengths];
                file.WriteLine(JsonSerializer.Serialize(new { image = $"{i}.jpg", prefix = Prompt, suffix = answer }));
            }
        }
    }

    /// <summary>The file of the examples.</summary>
    public string Path => System.IO.Path.Combine(_folder, "train.jsonl");

    /// <summary>A folder for the run.</summary>
    public string Output => System.IO.Path.Combine(_folder, "run");

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // Beside it stand the prompt, a line feed, and the tokens that begin and end a sequence.
    private static string Answer(Vocabulary vocabulary, int tokens)
    {
        int wanted = tokens - vocabulary.Tokenize(Prompt + "\n").Length - 2;
        string answer = "";
        while (vocabulary.Tokenize(answer).Length < wanted) answer += Word;
        return answer;
    }
}
