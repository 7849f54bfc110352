namespace PaliGguf.Evaluation.Metrics.Tokenization;

/// <summary>Every code point by itself, white space left out; sacrebleu's "char".</summary>
public sealed class CharacterTokenizer : ITokenizer
{
    /// <summary>The tokenizer; it has no state.</summary>
    public static CharacterTokenizer Instance { get; } = new();

    /// <inheritdoc/>
    public IReadOnlyList<string> Tokenize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return [.. text.EnumerateRunes().Where(rune => !(rune.IsBmp && PythonText.IsSpace((char)rune.Value)))
            .Select(rune => rune.ToString())];
    }
}
