using PaliGguf.Evaluation.Metrics.NGrams;
using PaliGguf.Evaluation.Metrics.Tokenization;

namespace PaliGguf.Evaluation.Metrics.Answers;

/// <summary>The accuracy of POPE, the questions whether something is in a picture.</summary>
/// <remarks>
/// In the conventions of big_vision's <c>pope</c> evaluator: the prediction in lower case must be the answer, which is taken as it is.
/// </remarks>
public static class Pope
{
    /// <summary>Scores predictions.</summary>
    /// <param name="predictions">The predictions.</param>
    /// <param name="answers">An answer for each: "yes" or "no".</param>
    /// <exception cref="ArgumentException">There is no prediction, or the lists differ in length.</exception>
    public static PopeScore Score(IReadOnlyList<string> predictions, IReadOnlyList<string> answers)
    {
        Segments.CheckPairs(predictions, answers);
        string[] lower = [.. predictions.Select(PythonText.ToLower)];
        AnswerScore score = AnswerScore.Of(lower, answers, (prediction, answer) => prediction == answer ? 1 : 0);
        return new PopeScore(score.Score, score.PerAnswer, [.. lower.Select(prediction => prediction is "yes" or "no")]);
    }
}

/// <summary>What answers to POPE's questions score.</summary>
/// <param name="Score">The mean, 0 to 1.</param>
/// <param name="PerAnswer">Each answer's score, in the order given.</param>
/// <param name="IsValid">Whether each answer is "yes" or "no".</param>
public sealed record PopeScore(double Score, IReadOnlyList<double> PerAnswer, IReadOnlyList<bool> IsValid)
{
    /// <summary>The share of answers that are.</summary>
    public double Valid => (double)IsValid.Count(valid => valid) / IsValid.Count;
}
