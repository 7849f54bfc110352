using PaliGguf.Evaluation.Metrics.NGrams;
using PaliGguf.Evaluation.Metrics.Tokenization;

namespace PaliGguf.Evaluation.Metrics.Answers;

/// <summary>
/// Accuracy by plain equality with any of several answers: min(1, n/3) for OKVQA, A-OKVQA and VizWiz, equality with one answer for AI2D,
/// GQA, NLVR2 and, in lower case, OCR-VQA.
/// </summary>
/// <remarks>In the conventions of big_vision's <c>vqa</c> evaluator: nothing is stripped or normalized.</remarks>
public static class AnswerAccuracy
{
    private const double Enough = 3;

    /// <summary>
    /// Scores predictions by min(1, n/3), n the number of answers that are the prediction. One answer, listed once, gives 1/3.
    /// </summary>
    /// <param name="predictions">The predictions.</param>
    /// <param name="answers">For each at least one answer.</param>
    /// <param name="ignoreCase">Whether all are compared in lower case.</param>
    /// <exception cref="ArgumentException">
    /// There is no prediction, answers are given for another number of them, or one has none.
    /// </exception>
    public static AnswerScore Score(
        IReadOnlyList<string> predictions, IReadOnlyList<IReadOnlyList<string>> answers, bool ignoreCase = false) =>
        Score(predictions, answers, ignoreCase, equal => Math.Min(1, equal / Enough));

    /// <summary>Scores predictions by whether any answer is the prediction. One answer gives 1.</summary>
    /// <inheritdoc cref="Score(IReadOnlyList{string}, IReadOnlyList{IReadOnlyList{string}}, bool)" path="/param|/exception"/>
    public static AnswerScore ScoreAny(
        IReadOnlyList<string> predictions, IReadOnlyList<IReadOnlyList<string>> answers, bool ignoreCase = false) =>
        Score(predictions, answers, ignoreCase, equal => Math.Min(1, equal));

    private static AnswerScore Score(
        IReadOnlyList<string> predictions, IReadOnlyList<IReadOnlyList<string>> answers, bool ignoreCase, Func<int, double> score)
    {
        Segments.Check(predictions, answers);
        Func<string, string> form = ignoreCase ? PythonText.ToLower : text => text;
        return AnswerScore.Of(predictions, answers, (prediction, all) => score(all.Count(answer => form(answer) == form(prediction))));
    }
}
