using PaliGguf.Evaluation.Metrics.Tokenization;

namespace PaliGguf.Evaluation.Metrics.Thai;

/// <summary>
/// Thai words by maximal matching with a list of words, as PyThaiNLP's default engine <c>newmm</c> finds them. Immutable; safe for use by
/// several threads. The time is linear in the length of the text.
/// </summary>
/// <remarks>
/// PyThaiNLP 5.3.7. From each place that a path of known words has reached, the words that begin there lead on, as long as they end between
/// clusters of characters. Where all paths meet, the one of the fewest words is taken; where all end, what comes up to the next known word
/// is one word. Other scripts, numbers, white space and line breaks are words of their own.
/// </remarks>
/// <param name="words">The words; null is an error.</param>
/// <param name="keepWhiteSpace">Whether spaces are words, as by default in the original, and count in every metric.</param>
/// <param name="joinNumbers">Whether numbers with points, commas or colons are joined again, as by default in the original.</param>
public sealed class NewmmTokenizer(ThaiWordList words, bool keepWhiteSpace = true, bool joinNumbers = true) : ITokenizer
{
    private readonly ThaiWordList _words = words ?? throw new ArgumentNullException(nameof(words));

    /// <inheritdoc/>
    public IReadOnlyList<string> Tokenize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length == 0) return [];
        IReadOnlyList<int> ends = new NewmmPass(text, _words).Run();
        if (joinNumbers) ends = BrokenNumbers.Join(text, ends);
        List<string> tokens = new(ends.Count);
        int start = 0;
        foreach (int end in ends)
        {
            string token = text[start..end];
            start = end;
            if (!keepWhiteSpace) token = token.Trim(' ');
            if (token.Length > 0) tokens.Add(token);
        }

        return tokens;
    }
}
