using System.Text.RegularExpressions;
using PaliGguf.Evaluation.Metrics.NGrams;
using PaliGguf.Evaluation.Metrics.Tokenization;

namespace PaliGguf.Evaluation.Metrics.Answers;

/// <summary>The share of predictions that are their references, as Hugging Face <c>evaluate</c>'s <c>exact_match</c> computes it.</summary>
/// <remarks>Nothing is stripped: "cat " is not "cat". Without a prediction the original gives NaN; here it is an error.</remarks>
public static class ExactMatch
{
    // For expressions that are slow by design.
    private static readonly TimeSpan LongestSearch = TimeSpan.FromSeconds(5);

    /// <summary>Scores predictions.</summary>
    /// <param name="predictions">The predictions.</param>
    /// <param name="references">A reference for each.</param>
    /// <param name="options">What is left out of account; null for nothing.</param>
    /// <exception cref="ArgumentException">
    /// There is no prediction, the lists differ in length, or an expression to ignore is malformed or takes too long.
    /// </exception>
    public static AnswerScore Score(IReadOnlyList<string> predictions, IReadOnlyList<string> references, ExactMatchOptions? options = null)
    {
        Segments.CheckPairs(predictions, references);
        options ??= new ExactMatchOptions();
        Regex[] ignored = [.. options.Ignored.Select(Expression)];
        try
        {
            return AnswerScore.Of(predictions, references, (prediction, reference) =>
                Reduce(prediction, options, ignored) == Reduce(reference, options, ignored) ? 1 : 0);
        }
        catch (RegexMatchTimeoutException e)
        {
            throw new ArgumentException(
                $"Searching for '{e.Pattern}' takes more than {LongestSearch.TotalSeconds} seconds.", nameof(options), e);
        }
    }

    private static Regex Expression(string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant, LongestSearch);
        }
        catch (RegexParseException e)
        {
            throw new ArgumentException($"'{pattern}' is no regular expression: {e.Message}", nameof(pattern), e);
        }
    }

    private static string Reduce(string text, ExactMatchOptions options, Regex[] ignored)
    {
        foreach (Regex expression in ignored) text = expression.Replace(text, "");
        if (options.IgnoreCase) text = PythonText.ToLower(text);
        if (options.IgnorePunctuation) text = Without(text, IsPunctuation);
        if (options.IgnoreNumbers) text = Without(text, char.IsAsciiDigit);
        return text;
    }

    private static string Without(string text, Func<char, bool> ignored) =>
        text.Any(ignored) ? new string([.. text.Where(c => !ignored(c))]) : text;

    private static bool IsPunctuation(char c) => char.IsAscii(c) && (char.IsPunctuation(c) || char.IsSymbol(c));
}

/// <summary>What <see cref="ExactMatch"/> leaves out of account, in this order.</summary>
public sealed record ExactMatchOptions
{
    /// <summary>Regular expressions whose matches are removed first.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>Whether letter case does not matter.</summary>
    public bool IgnoreCase { get; init; }

    /// <summary>Whether ASCII's punctuation and symbols are removed.</summary>
    public bool IgnorePunctuation { get; init; }

    /// <summary>Whether the digits 0 to 9 are removed; those of other scripts stay.</summary>
    public bool IgnoreNumbers { get; init; }
}
