using PaliGguf.Language;
using PaliGguf.Training.Network;

namespace PaliGguf.Training.Examples;

/// <summary>
/// Texts to tokens: the token that begins a sequence, the prompt and a line feed; then the answer and the token that ends it. The two are
/// tokenized apart, so that no token spans the line feed.
/// </summary>
/// <param name="vocabulary">The model's.</param>
/// <param name="longest">The most rows that picture, prompt and answer may have together.</param>
/// <param name="pictureRows">Those of the picture.</param>
internal sealed class ExampleTokenizer(Vocabulary vocabulary, int longest, int pictureRows)
{
    /// <summary>The tokens of an example.</summary>
    public ExampleTokens Tokenize(string prompt, string answer) =>
        new([vocabulary.BeginOfSequence, .. vocabulary.Tokenize(prompt + "\n")],
            [.. vocabulary.Tokenize(answer), vocabulary.EndOfSequence]);

    /// <summary>Gives examples their tokens.</summary>
    /// <param name="examples">They.</param>
    /// <param name="tooLong">Told of those that the model has no room for, which are left out.</param>
    public IReadOnlyList<TrainingExample> Tokenize(IReadOnlyList<TrainingExample> examples, Action<string> tooLong)
    {
        List<TrainingExample> fit = [];
        foreach (TrainingExample example in examples)
        {
            ExampleTokens tokens = Tokenize(example.Prompt, example.Answer);
            int rows = pictureRows + tokens.Prefix.Count + tokens.Suffix.Count;
            if (rows <= longest) fit.Add(example with { Tokens = tokens });
            else tooLong($"{example.Origin}: picture, prompt and answer have {rows} tokens, and the model is made for {longest}.");
        }

        return fit;
    }
}
