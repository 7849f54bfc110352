using PaliGguf.Evaluation.Metrics.NGrams;
using PaliGguf.Evaluation.Metrics.Tokenization;

namespace PaliGguf.Evaluation.Metrics.Answers;

/// <summary>ChartQA's relaxed accuracy: numbers may be off by a twentieth, anything else must be equal.</summary>
/// <remarks>
/// Masry and others, "ChartQA", 2022; in the conventions of big_vision's <c>chartqa</c> evaluator. A number is what Python's <c>float</c>
/// takes, or that with a % behind it, which divides it by 100. With an answer of 0, or where either is no number, the texts must be equal.
/// So "1,000" is no number, a year is one, "50" is not "50%", and infinity is not itself.
/// </remarks>
public static class RelaxedAccuracy
{
    private const double Tolerance = 0.05;
    private const double Hundred = 100;

    /// <summary>Scores predictions.</summary>
    /// <param name="predictions">The predictions.</param>
    /// <param name="answers">An answer for each.</param>
    /// <param name="ignoreCase">Whether texts are compared in lower case, as for ChartQA.</param>
    /// <exception cref="ArgumentException">There is no prediction, or the lists differ in length.</exception>
    public static AnswerScore Score(IReadOnlyList<string> predictions, IReadOnlyList<string> answers, bool ignoreCase = true)
    {
        Segments.CheckPairs(predictions, answers);
        Func<string, string> form = ignoreCase ? PythonText.ToLower : text => text;
        return AnswerScore.Of(predictions, answers, (prediction, answer) => IsRight(form(prediction), form(answer)) ? 1 : 0);
    }

    /// <summary>The number that a text stands for, or null.</summary>
    internal static double? Number(string text)
    {
        if (!text.EndsWith('%')) return PythonNumber.TryParse(text, out double number) ? number : null;
        return PythonNumber.TryParse(text.TrimEnd('%'), out double hundredths) ? hundredths / Hundred : null;
    }

    private static bool IsRight(string prediction, string answer) =>
        Number(prediction) is { } number && Number(answer) is { } expected && expected != 0
            ? Math.Abs(number - expected) / Math.Abs(expected) <= Tolerance
            : prediction == answer;
}
