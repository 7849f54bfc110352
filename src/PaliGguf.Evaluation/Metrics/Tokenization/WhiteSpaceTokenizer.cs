namespace PaliGguf.Evaluation.Metrics.Tokenization;

/// <summary>Words between white space, for texts that are tokenized already; sacrebleu's "none".</summary>
public sealed class WhiteSpaceTokenizer : ITokenizer
{
    /// <summary>The tokenizer; it has no state.</summary>
    public static WhiteSpaceTokenizer Instance { get; } = new();

    /// <inheritdoc/>
    public IReadOnlyList<string> Tokenize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return PythonText.Split(text);
    }
}
