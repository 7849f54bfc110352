#pragma warning disable MA0023 // Groups have numbers, as in the originals.
using System.Text.RegularExpressions;

namespace PaliGguf.Evaluation.Metrics.Tokenization;

/// <summary>
/// nltk's <c>word_tokenize</c> of one sentence, which Hugging Face's METEOR applies to each sentence of a text: the rules of the Penn
/// Treebank by substitution. Letter case is kept. Full stops inside a text stay with their words, for it is meant for single sentences.
/// </summary>
/// <remarks>nltk 3.8's NLTKWordTokenizer. What finds the sentences there, punkt, is a trained model and not part of this.</remarks>
public sealed partial class TreebankTokenizer : ITokenizer
{
    // What Python calls a word's character: no marks.
    private const string W = @"[\p{L}\p{N}_]";
    private const RegexOptions Options = RegexOptions.CultureInvariant;
    private const RegexOptions AnyCase = Options | RegexOptions.IgnoreCase;

    // One after the other.
    private static readonly (Regex Pattern, string Replacement)[] Rules =
    [
        (TypographicOpening(), " $1 "),
        (QuoteAtStart(), "``"),
        (Backticks(), " $1 "),
        (QuoteBehindBracket(), "$1 `` "),
        (ApostropheBeforeLetter(), "$1 $2"),
        (LastStop(), "$1 $2 $3 "),
        (ColonBeforeOther(), " $1 $2"),
        (ColonAtEnd(), " $1 "),
        (Stops(), " $0 "),
        (Symbol(), " $0 "),
        (LastStopWithAscii(), "$1 $2$3 "),
        (Mark(), " $0 "),
        (ApostropheBeforeSpace(), "$1 ' "),
        (Asterisk(), " $0 "),
        (Bracket(), " $0 "),
        (Dashes(), " -- "),
        (Whole(), " $0 "),
        (TypographicClosing(), " $1 "),
        (Apostrophes(), " '' "),
        (Quote(), " '' "),
        (ShortClitic(), "$1 $2 "),
        (LongClitic(), "$1 $2 "),
        (Contraction(), " ${first} ${second} "),
        (OldIs(), " $1 $2 "),
        (OldWas(), " $1 $2 "),
    ];

    /// <summary>The tokenizer; it has no state.</summary>
    public static TreebankTokenizer Instance { get; } = new();

    /// <inheritdoc/>
    public IReadOnlyList<string> Tokenize(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach ((Regex pattern, string replacement) in Rules) text = pattern.Replace(text, replacement);
        return PythonText.Split(text);
    }

    [GeneratedRegex("([\u00AB\u201C\u2018\u201E]|`+)", Options)]
    private static partial Regex TypographicOpening();

    [GeneratedRegex("^\"", Options)]
    private static partial Regex QuoteAtStart();

    [GeneratedRegex("(``)", Options)]
    private static partial Regex Backticks();

    [GeneratedRegex(@"([ (\[{<])(?:""|'')", Options)]
    private static partial Regex QuoteBehindBracket();

    [GeneratedRegex("(')(?!re|ve|ll|m|t|s|d|n)(" + W + ")(?!" + W + ")", AnyCase)]
    private static partial Regex ApostropheBeforeLetter();

    [GeneratedRegex("([^.])(\\.)((?>[\\])}>\"'\u00BB\u201D\u2019 ]*))(?>\\s*)$", Options)]
    private static partial Regex LastStop();

    [GeneratedRegex(@"([:,])([^\d])", Options)]
    private static partial Regex ColonBeforeOther();

    [GeneratedRegex("([:,])$", Options)]
    private static partial Regex ColonAtEnd();

    [GeneratedRegex(@"\.{2,}", Options)]
    private static partial Regex Stops();

    [GeneratedRegex("[;@#$%&]", Options)]
    private static partial Regex Symbol();

    [GeneratedRegex("([^.])(\\.)((?>[\\])}>\"']*))(?>\\s*)$", Options)]
    private static partial Regex LastStopWithAscii();

    [GeneratedRegex("[?!]", Options)]
    private static partial Regex Mark();

    [GeneratedRegex("([^'])' ", Options)]
    private static partial Regex ApostropheBeforeSpace();

    [GeneratedRegex("[*]", Options)]
    private static partial Regex Asterisk();

    [GeneratedRegex(@"[\]\[(){}<>]", Options)]
    private static partial Regex Bracket();

    [GeneratedRegex("--", Options)]
    private static partial Regex Dashes();

    [GeneratedRegex(@"\A.*\z", Options | RegexOptions.Singleline)]
    private static partial Regex Whole();

    [GeneratedRegex("([\u00BB\u201D\u2019])", Options)]
    private static partial Regex TypographicClosing();

    [GeneratedRegex("''", Options)]
    private static partial Regex Apostrophes();

    [GeneratedRegex("\"", Options)]
    private static partial Regex Quote();

    [GeneratedRegex("([^' ])('[sS]|'[mM]|'[dD]|') ", Options)]
    private static partial Regex ShortClitic();

    [GeneratedRegex("([^' ])('ll|'LL|'re|'RE|'ve|'VE|n't|N'T) ", Options)]
    private static partial Regex LongClitic();

    [GeneratedRegex(
        "(?<!" + W + ")(?:(?<first>can)(?<second>not)|(?<first>d)(?<second>'ye)|(?<first>gim)(?<second>me)|(?<first>gon)(?<second>na)"
            + "|(?<first>got)(?<second>ta)|(?<first>lem)(?<second>me)|(?<first>more)(?<second>'n)|(?<first>wan)(?<second>na)(?=\\s))(?!" + W
                + ")",
        AnyCase)]
    private static partial Regex Contraction();

    [GeneratedRegex(" ('t)(is)(?!" + W + ")", AnyCase)]
    private static partial Regex OldIs();

    [GeneratedRegex(" ('t)(was)(?!" + W + ")", AnyCase)]
    private static partial Regex OldWas();
}
