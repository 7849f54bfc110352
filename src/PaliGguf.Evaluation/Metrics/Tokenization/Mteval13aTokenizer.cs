#pragma warning disable MA0023 // Groups have numbers, as in the originals.
using System.Text.RegularExpressions;

namespace PaliGguf.Evaluation.Metrics.Tokenization;

/// <summary>
/// Tokenization "13a" of sacrebleu and Hugging Face's BLEU, after mteval-v13a: entities are decoded, and all ASCII punctuation stands alone
/// but the apostrophe, a full stop or comma between digits, and a hyphen that follows no digit. Letter case is kept.
/// </summary>
public sealed partial class Mteval13aTokenizer : ITokenizer
{
    /// <summary>The tokenizer; it has no state.</summary>
    public static Mteval13aTokenizer Instance { get; } = new();

    /// <inheritdoc/>
    public IReadOnlyList<string> Tokenize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string line = text.Replace("<skipped>", "", StringComparison.Ordinal).Replace("-\n", "", StringComparison.Ordinal)
            .Replace('\n', ' ');
        if (line.Contains('&', StringComparison.Ordinal))
        {
            // One after the other: "&amp;lt;" becomes "<".
            line = line.Replace("&quot;", "\"", StringComparison.Ordinal).Replace("&amp;", "&", StringComparison.Ordinal)
                .Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal);
        }

        line = Punctuation().Replace($" {line} ", " $1 ");
        line = StopBehindOther().Replace(line, "$1 $2 ");
        line = StopBeforeOther().Replace(line, " $1 $2");
        return PythonText.Split(HyphenBehindDigit().Replace(line, "$1 $2 "));
    }

    [GeneratedRegex(@"([{-~\[-` -&(-+:-@/])", RegexOptions.CultureInvariant)]
    private static partial Regex Punctuation();

    [GeneratedRegex(@"([^0-9])([.,])", RegexOptions.CultureInvariant)]
    private static partial Regex StopBehindOther();

    [GeneratedRegex(@"([.,])([^0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex StopBeforeOther();

    [GeneratedRegex(@"([0-9])(-)", RegexOptions.CultureInvariant)]
    private static partial Regex HyphenBehindDigit();
}
