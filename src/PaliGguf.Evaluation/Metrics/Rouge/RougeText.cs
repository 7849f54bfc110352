using PaliGguf.Evaluation.Metrics.NGrams;
using PaliGguf.Evaluation.Metrics.Tokenization;

namespace PaliGguf.Evaluation.Metrics.Rouge;

/// <summary>A text as ROUGE sees it.</summary>
internal sealed class RougeText(string text, ITokenizer tokenizer, WordIndex words)
{
    /// <summary>All words.</summary>
    public int[] Words { get; } = words.Number(tokenizer.Tokenize(text));

    /// <summary>Those of each line that is not empty.</summary>
    public int[][] Lines { get; } =
        [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => words.Number(tokenizer.Tokenize(line)))];
}
