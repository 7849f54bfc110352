using PaliGguf.Evaluation.Metrics.NGrams;
using PaliGguf.Evaluation.Metrics.Tokenization;

namespace PaliGguf.Evaluation.Metrics.Captions;

/// <summary>
/// Captions and their references in the form that COCO's scorers get, made once for all of them: <see cref="Cider"/>, <see
/// cref="CocoBleu"/>, <see cref="CocoRougeL"/>. Immutable.
/// </summary>
public sealed class CaptionCorpus
{
    private readonly Lazy<TokenCorpus> _words;
    private readonly Lazy<TokenCorpus> _pieces;

    private CaptionCorpus(string[] predictions, string[][] references)
    {
        Predictions = predictions;
        References = references;
        _words = new Lazy<TokenCorpus>(() => TokenCorpus.Create(predictions, references, PythonText.Split));
        _pieces = new Lazy<TokenCorpus>(() => TokenCorpus.Create(predictions, references, text => text.Split(' ')));
    }

    /// <summary>The captions as they are compared, one a picture.</summary>
    public IReadOnlyList<string> Predictions { get; }

    /// <summary>For each picture its references as they are compared.</summary>
    public IReadOnlyList<IReadOnlyList<string>> References { get; }

    /// <summary>Split at white space.</summary>
    internal TokenCorpus Words => _words.Value;

    /// <summary>
    /// Split at each space, as ROUGE-L does: an empty caption is one empty word, and a number with a fraction, which has a no-break space
    /// inside, stays one.
    /// </summary>
    internal TokenCorpus Pieces => _pieces.Value;

    /// <summary>Tokenizes captions of any language as COCO's scorers do.</summary>
    /// <param name="predictions">One caption a picture.</param>
    /// <param name="references">For each picture at least one reference.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <exception cref="ArgumentException">
    /// There is no caption, as many references are given for another number of pictures, or a picture has none.
    /// </exception>
    /// <remarks>
    /// All references follow each other as one text, and so do all predictions (<see cref="CaptionTokenizer.Tokenize(string, string)"/>).
    /// </remarks>
    public static CaptionCorpus Create(IReadOnlyList<string> predictions, IReadOnlyList<IReadOnlyList<string>> references,
        CancellationToken cancellationToken = default)
    {
        Segments.Check(predictions, references);
        return new CaptionCorpus(Normalize(predictions, cancellationToken), NormalizeAll(references, cancellationToken));
    }

    /// <summary>Takes captions that are tokenized already, in any way: words between spaces.</summary>
    /// <inheritdoc cref="Create" path="/param|/exception"/>
    public static CaptionCorpus FromTokens(IReadOnlyList<string> predictions, IReadOnlyList<IReadOnlyList<string>> references)
    {
        Segments.Check(predictions, references);
        return new CaptionCorpus([.. predictions], [.. references.Select(each => each.ToArray())]);
    }

    private static string[][] NormalizeAll(IReadOnlyList<IReadOnlyList<string>> references, CancellationToken cancellationToken)
    {
        Queue<string> all = new(Normalize([.. references.SelectMany(each => each)], cancellationToken));
        return [.. references.Select(each => each.Select(_ => all.Dequeue()).ToArray())];
    }

    private static string[] Normalize(IReadOnlyList<string> captions, CancellationToken cancellationToken)
    {
        string[] following = new string[captions.Count];
        string next = "";
        for (int i = captions.Count - 1; i >= 0; i--)
        {
            following[i] = next;
            if (!string.IsNullOrWhiteSpace(captions[i])) next = captions[i];
        }

        return InParallel.Select(
            captions.Count, i => CaptionTokenizer.Instance.Normalize(captions[i], following[i]), cancellationToken);
    }
}
