namespace PaliGguf.Evaluation.Metrics.Answers;

/// <summary>What answers score.</summary>
/// <param name="Score">The mean, 0 to 1.</param>
/// <param name="PerAnswer">Each answer's score, in the order given.</param>
public sealed record AnswerScore(double Score, IReadOnlyList<double> PerAnswer)
{
    internal static AnswerScore Of(double[] scores) => new(scores.Sum() / scores.Length, scores);

    /// <summary>Scores each prediction with what is expected of it.</summary>
    internal static AnswerScore Of<TExpected>(
        IReadOnlyList<string> predictions, IReadOnlyList<TExpected> expected, Func<string, TExpected, double> score) =>
        Of([.. predictions.Zip(expected, score)]);
}
