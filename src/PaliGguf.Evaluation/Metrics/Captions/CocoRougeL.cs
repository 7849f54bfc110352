using PaliGguf.Evaluation.Metrics.NGrams;

namespace PaliGguf.Evaluation.Metrics.Captions;

/// <summary>
/// ROUGE-L of COCO's captions: the longest common subsequence, with more weight on recall. It is not what Google's ROUGE calls so.
/// </summary>
/// <remarks>
/// Lin, "ROUGE: A Package for Automatic Evaluation of Summaries", 2004; in the conventions of pycocoevalcap 1.2: P and R are the best
/// precision and the best recall over the references, each by itself, and the score is (1 + b^2) P R / (R + b^2 P) with b = 1.2, 0 where P
/// or R is. An empty caption is one empty word, so that nothing against nothing is 1.
/// </remarks>
public static class CocoRougeL
{
    private const double Beta = 1.2;

    /// <summary>Scores captions.</summary>
    /// <inheritdoc cref="CaptionCorpus.Create" path="/param|/exception"/>
    public static CaptionScore Score(IReadOnlyList<string> predictions, IReadOnlyList<IReadOnlyList<string>> references,
        CancellationToken cancellationToken = default) =>
        Score(CaptionCorpus.Create(predictions, references, cancellationToken), cancellationToken);

    /// <summary>Scores captions that are tokenized.</summary>
    /// <param name="corpus">The captions.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <returns>0 to 1.</returns>
    public static CaptionScore Score(CaptionCorpus corpus, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        IReadOnlyList<TokenSegment> segments = corpus.Pieces.Segments;
        return CaptionScore.Of(InParallel.Select(segments.Count, i => Score(segments[i]), cancellationToken));
    }

    private static double Score(TokenSegment segment)
    {
        double precision = 0;
        double recall = 0;
        foreach (int[] reference in segment.References)
        {
            double common = CommonSubsequence.Length(segment.Prediction, reference);
            precision = Math.Max(precision, common / segment.Prediction.Length);
            recall = Math.Max(recall, common / reference.Length);
        }

        return precision == 0 || recall == 0 ? 0 : (1 + (Beta * Beta)) * precision * recall / (recall + (Beta * Beta * precision));
    }
}
