using PaliGguf.Evaluation.Metrics.NGrams;
using PaliGguf.Evaluation.Metrics.Tokenization;

namespace PaliGguf.Evaluation.Metrics.Rouge;

/// <summary>
/// ROUGE-1, ROUGE-2, ROUGE-L and ROUGE-Lsum as Google's rouge_score 0.1.2 computes them, which Hugging Face <c>evaluate</c> calls. 0 to 1.
/// </summary>
/// <remarks>
/// Lin, "ROUGE: A Package for Automatic Evaluation of Summaries", 2004. Precision and recall of shared 1-grams, 2-grams, and of the longest
/// common subsequence; F is their harmonic mean. ROUGE-Lsum takes texts apart at line breaks: for each line of the reference the union of
/// its longest common subsequences with the lines of the prediction. Of several references the best F counts, for each kind by itself.
/// <c>evaluate</c> prints the median of random resamples; the plain mean over the predictions is what it scatters around.
/// </remarks>
public static class GoogleRouge
{
    /// <summary>Scores one prediction.</summary>
    /// <param name="prediction">The prediction.</param>
    /// <param name="references">At least one reference.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="ArgumentException">There is no reference, or a pair of lines is too long for ROUGE-Lsum.</exception>
    public static RougeScores Score(string prediction, IReadOnlyList<string> references, RougeOptions? options = null) =>
        ScoreEach([prediction], [references], options)[0];

    /// <summary>Scores every prediction.</summary>
    /// <param name="predictions">The predictions.</param>
    /// <param name="references">For each at least one reference.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <returns>In the order of the predictions; <see cref="RougeScores.Mean"/> makes one of them.</returns>
    /// <exception cref="ArgumentException">
    /// There is no prediction, as many references are given for another number of them, one has none, or a pair of lines is too long for
    /// ROUGE-Lsum.
    /// </exception>
    public static IReadOnlyList<RougeScores> ScoreEach(
        IReadOnlyList<string> predictions, IReadOnlyList<IReadOnlyList<string>> references, RougeOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        Segments.Check(predictions, references);
        options ??= new RougeOptions();
        ITokenizer tokenizer = options.Tokenizer ?? new RougeTokenizer(options.UseStemmer);
        return InParallel.Select(predictions.Count, i => Score(predictions[i], references[i], tokenizer), cancellationToken);
    }

    private static RougeScores Score(string prediction, IReadOnlyList<string> references, ITokenizer tokenizer)
    {
        WordIndex words = new();
        RougeText ours = new(prediction, tokenizer, words);
        return RougeScores.Best([.. references.Select(reference => Score(ours, new RougeText(reference, tokenizer, words)))]);
    }

    private static RougeScores Score(RougeText prediction, RougeText reference)
    {
        NGramIndex index = new();
        RougeScore longest =
            RougeScore.Of(CommonSubsequence.Length(prediction.Words, reference.Words), prediction.Words.Length, reference.Words.Length);
        // Of one line each, the union is the subsequence itself.
        RougeScore lines = prediction.Lines.Length <= 1
            && reference.Lines.Length <= 1 ? longest : RougeLines.Score(prediction.Lines, reference.Lines);
        return new RougeScores(Shared(1), Shared(2), longest, lines);

        RougeScore Shared(int order)
        {
            NGramCounts ours = NGramCounts.Of(index.Number(prediction.Words, order));
            NGramCounts theirs = NGramCounts.Of(index.Number(reference.Words, order));
            int[] most = new int[ours.Numbers.Length];
            ours.RaiseTo(theirs, most);
            int shared = 0;
            for (int i = 0; i < most.Length; i++) shared += Math.Min(ours.Counts[i], most[i]);
            return RougeScore.Of(shared, ours.Total, theirs.Total);
        }
    }
}
