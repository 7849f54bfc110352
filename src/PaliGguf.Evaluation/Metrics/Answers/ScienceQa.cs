using PaliGguf.Evaluation.Metrics.NGrams;
using PaliGguf.Evaluation.Metrics.Tokenization;

namespace PaliGguf.Evaluation.Metrics.Answers;

/// <summary>The accuracy of ScienceQA: equality of the letters in "The answer is b."</summary>
/// <remarks>
/// In the conventions of big_vision's <c>science_qa</c> evaluator: the answer must begin with that sentence, in any letter case and with
/// its full stop. Otherwise it has no letter; where the reference has none either, that counts as right.
/// </remarks>
public static class ScienceQa
{
    private const string Beginning = "the answer is ";

    /// <summary>Scores predictions.</summary>
    /// <param name="predictions">The predictions.</param>
    /// <param name="answers">An answer for each.</param>
    /// <exception cref="ArgumentException">There is no prediction, or the lists differ in length.</exception>
    public static ScienceQaScore Score(IReadOnlyList<string> predictions, IReadOnlyList<string> answers)
    {
        Segments.CheckPairs(predictions, answers);
        AnswerScore score = AnswerScore.Of(predictions, answers, (prediction, answer) => Letter(prediction) == Letter(answer) ? 1 : 0);
        return new ScienceQaScore(score.Score, score.PerAnswer, [.. predictions.Select(prediction => Letter(prediction) is null)]);
    }

    /// <summary>The letter of an answer in lower case; null without one.</summary>
    public static char? Letter(string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        string lower = PythonText.ToLower(answer);
        return lower.StartsWith(Beginning, StringComparison.Ordinal) && lower.Length >= Beginning.Length + 2
            && char.IsAsciiLetterLower(lower[Beginning.Length]) && lower[Beginning.Length + 1] == '.'
            ? lower[Beginning.Length]
            : null;
    }
}

/// <summary>What answers to ScienceQA's questions score.</summary>
/// <param name="Score">The mean, 0 to 1.</param>
/// <param name="PerAnswer">Each answer's score, in the order given.</param>
/// <param name="IsUnread">Whether each prediction is without a letter.</param>
public sealed record ScienceQaScore(double Score, IReadOnlyList<double> PerAnswer, IReadOnlyList<bool> IsUnread)
{
    /// <summary>The share of predictions without a letter.</summary>
    public double Unread => (double)IsUnread.Count(unread => unread) / IsUnread.Count;
}
