namespace PaliGguf.Evaluation.Metrics.Tokenization;

/// <summary>Splits a text into the words that a metric compares. Implementations are safe for use by several threads.</summary>
public interface ITokenizer
{
    /// <summary>Splits a text.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>The words in their order; none for a text without words.</returns>
    IReadOnlyList<string> Tokenize(string text);
}
