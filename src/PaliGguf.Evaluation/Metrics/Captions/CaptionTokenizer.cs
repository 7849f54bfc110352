using System.Text;
using PaliGguf.Evaluation.Metrics.Tokenization;

namespace PaliGguf.Evaluation.Metrics.Captions;

/// <summary>
/// Splits English captions as the scorers of COCO captions do: by the rules of the Penn Treebank, in lower case. All captions pass through
/// it, whatever their language; letters of any script stick together, so that a Thai sentence without spaces is one token.
/// </summary>
/// <remarks>
/// Written from what Stanford's PTBTokenizer 3.4.1 puts out (with -preserveLines -lowerCase, as pycocoevalcap calls it), not from its code.
/// Equal for plain captions; of the less plain ones see docs/evaluation.md.
/// </remarks>
public sealed class CaptionTokenizer : ITokenizer
{
    private static readonly string[] Dropped = ["''", "'", "``", "`", ".", "?", "!", ",", ":", "-", "--", "...", ";"];

    /// <summary>The tokenizer; it has no state.</summary>
    public static CaptionTokenizer Instance { get; } = new();

    /// <summary>All tokens of a caption, punctuation included.</summary>
    /// <inheritdoc/>
    public IReadOnlyList<string> Tokenize(string text) => Tokenize(text, following: "");

    /// <summary>All tokens of a caption that is followed by another one.</summary>
    /// <param name="text">The caption.</param>
    /// <param name="following">
    /// The next caption. The original gets all captions as one text, so that a full stop behind an initial or abbreviation at the end of
    /// one counts as the end of a sentence or does not, depending on the word that begins the next.
    /// </param>
    public IReadOnlyList<string> Tokenize(string text, string following)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(following);
        List<string> tokens = [];
        new CaptionLexer(text, following, tokens).Read();
        return tokens;
    }

    /// <summary>
    /// A caption as the scorers get it: its tokens joined by spaces, without most of the punctuation. Brackets stay, as <c>-lrb-</c> and so
    /// on, and marks in a row, as
    /// <c>?!</c>: the list of what to drop does not hold them.
    /// </summary>
    /// <param name="text">Any text.</param>
    /// <param name="following">The next caption.</param>
    public string Normalize(string text, string following = "")
    {
        StringBuilder caption = new(text.Length);
        foreach (string token in Tokenize(text, following))
        {
            if (Array.IndexOf(Dropped, token) >= 0) continue;
            if (caption.Length > 0) caption.Append(' ');
            caption.Append(token);
        }

        return caption.ToString();
    }
}
