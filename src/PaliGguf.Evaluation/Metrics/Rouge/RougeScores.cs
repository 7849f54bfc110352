using PaliGguf.Evaluation.Metrics.Tokenization;

namespace PaliGguf.Evaluation.Metrics.Rouge;

/// <summary>One kind of ROUGE, each value 0 to 1.</summary>
/// <param name="Precision">What is shared, over what the prediction has.</param>
/// <param name="Recall">What is shared, over what the reference has.</param>
/// <param name="F">Their harmonic mean: what tables print.</param>
public readonly record struct RougeScore(double Precision, double Recall, double F)
{
    internal static RougeScore Of(int shared, int predicted, int expected)
    {
        double precision = (double)shared / Math.Max(predicted, 1);
        double recall = (double)shared / Math.Max(expected, 1);
        return new RougeScore(precision, recall, shared == 0 ? 0 : 2 * precision * recall / (precision + recall));
    }
}

/// <summary>All kinds of ROUGE of one prediction, or their means.</summary>
/// <param name="Rouge1">Of words.</param>
/// <param name="Rouge2">Of pairs of words.</param>
/// <param name="RougeL">Of the longest common subsequence.</param>
/// <param name="RougeLsum">Of the longest common subsequences of the lines; on one line the same as <paramref name="RougeL"/>.</param>
public sealed record RougeScores(RougeScore Rouge1, RougeScore Rouge2, RougeScore RougeL, RougeScore RougeLsum)
{
    /// <summary>The means of all values.</summary>
    /// <param name="scores">At least one.</param>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static RougeScores Mean(IReadOnlyCollection<RougeScores> scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        if (scores.Count == 0) throw new ArgumentException("There is no score.", nameof(scores));
        return new RougeScores(Of(each => each.Rouge1), Of(each => each.Rouge2), Of(each => each.RougeL), Of(each => each.RougeLsum));

        RougeScore Of(Func<RougeScores, RougeScore> kind) => new(
            scores.Average(each => kind(each).Precision), scores.Average(each => kind(each).Recall), scores.Average(each => kind(each).F));
    }

    internal static RougeScores Best(RougeScores[] scores)
    {
        return scores.Length == 1 ? scores[0]
            : new RougeScores(Of(each => each.Rouge1), Of(each => each.Rouge2), Of(each => each.RougeL), Of(each => each.RougeLsum));

        RougeScore Of(Func<RougeScores, RougeScore> kind) => scores.Select(kind).MaxBy(score => score.F);
    }
}

/// <summary>The settings of <see cref="GoogleRouge"/>.</summary>
public sealed record RougeOptions
{
    /// <summary>Whether words of more than three characters are reduced to their stems; not by default, as in <c>evaluate</c>.</summary>
    public bool UseStemmer { get; init; }

    /// <summary>
    /// Splits the texts instead of <see cref="RougeTokenizer"/>: without it all letters beyond ASCII vanish, so that Thai scores 0. Letter
    /// case and stems are then its own matter.
    /// </summary>
    public ITokenizer? Tokenizer { get; init; }
}
