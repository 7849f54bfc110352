using System.Text.RegularExpressions;
using PaliGguf.Evaluation.Metrics.Tokenization;

namespace PaliGguf.Evaluation.Metrics.Answers;

/// <summary>The form in which VQA answers are compared.</summary>
internal static partial class VqaNormalization
{
    private const string Punctuation = ";/[]\"{}()=+\\_-><@`,?!";

    /// <summary>Line feeds and tabs become spaces, and white space around the text is dropped.</summary>
    public static string Strip(string text) => PythonText.Strip(text.Replace('\n', ' ').Replace('\t', ' '));

    /// <summary>Drops punctuation, articles and letter case, and writes number words and contractions in one way.</summary>
    public static string Normalize(string text)
    {
        string plain = FullStop().Replace(WithoutPunctuation(text), "");
        IEnumerable<string> words =
            from word in PythonText.Split(PythonText.ToLower(plain))
            where word is not ("a" or "an" or "the")
            select VqaWords.Replacements.GetValueOrDefault(word, word);
        return string.Join(' ', words);
    }

    // A mark beside a space goes; one between words becomes a space. Where any comma stands between digits, all marks go.
    private static string WithoutPunctuation(string text)
    {
        bool all = CommaInNumber().IsMatch(text);
        string result = text;
        foreach (char mark in Punctuation)
        {
            bool besideSpace = text.Contains($"{mark} ", StringComparison.Ordinal) || text.Contains($" {mark}", StringComparison.Ordinal);
            result = result.Replace(mark.ToString(), all || besideSpace ? "" : " ", StringComparison.Ordinal);
        }

        return result;
    }

    [GeneratedRegex(@"\d,\d", RegexOptions.CultureInvariant)]
    private static partial Regex CommaInNumber();

    [GeneratedRegex(@"\.(?!\d)", RegexOptions.CultureInvariant)]
    private static partial Regex FullStop();
}
