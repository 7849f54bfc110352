namespace PaliGguf.Evaluation.Metrics.Tokenization;

/// <summary>
/// Words as Google's ROUGE sees them: runs of the letters a to z, in lower case, and the digits 0 to 9. Letters beyond ASCII separate
/// words: "für" is "f" and "r", and Thai vanishes.
/// </summary>
/// <param name="stem">Whether words of more than three characters are reduced to their stems (<see cref="PorterStemmer"/>).</param>
public sealed class RougeTokenizer(bool stem = false) : ITokenizer
{
    /// <inheritdoc/>
    public IReadOnlyList<string> Tokenize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string lower = PythonText.ToLower(text);
        List<string> words = [];
        int start = 0;
        for (int i = 0; i <= lower.Length; i++)
        {
            if (i < lower.Length && (char.IsAsciiLetterLower(lower[i]) || char.IsAsciiDigit(lower[i]))) continue;
            if (i > start) words.Add(stem && i - start > 3 ? PorterStemmer.Stem(lower[start..i]) : lower[start..i]);
            start = i + 1;
        }

        return words;
    }
}
