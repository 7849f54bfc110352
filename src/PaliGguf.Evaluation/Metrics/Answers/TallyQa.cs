using System.Globalization;
using PaliGguf.Evaluation.Metrics.NGrams;
using PaliGguf.Evaluation.Metrics.Tokenization;

namespace PaliGguf.Evaluation.Metrics.Answers;

/// <summary>The accuracy of TallyQA: equality, with the number words from "zero" to "twenty" and "none" taken for their digits.</summary>
/// <remarks>
/// In the conventions of big_vision's <c>tallyqa</c> evaluator. The whole answer is looked up, in any letter case; nothing is stripped. The
/// original throws for an answer that is not 0 to 15; here it counts, but in no <see cref="TallyScore.ByCount"/>.
/// </remarks>
public static class TallyQa
{
    private const int LargestCount = 15;

    private static readonly string[] Numbers =
    [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen",
        "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
    ];

    /// <summary>Scores predictions.</summary>
    /// <param name="predictions">The predictions.</param>
    /// <param name="answers">An answer for each.</param>
    /// <param name="simple">Whether each question is simple, null for one of which that is not known; null for all of them.</param>
    /// <exception cref="ArgumentException">There is no prediction, or the lists differ in length.</exception>
    public static TallyScore Score(IReadOnlyList<string> predictions, IReadOnlyList<string> answers, IReadOnlyList<bool?>? simple = null)
    {
        Segments.CheckPairs(predictions, answers);
        if (simple is not null && simple.Count != predictions.Count)
        {
            throw new ArgumentException(
                $"There are {predictions.Count} predictions but {simple.Count} kinds of questions.", nameof(simple));
        }

        string[] counts = [.. answers.Select(Digits)];
        AnswerScore all = AnswerScore.Of(predictions, counts, (prediction, count) => Digits(prediction) == count ? 1 : 0);
        return new TallyScore(
            all.Score,
            all.PerAnswer,
            Of(all, i => simple?[i] == true),
            Of(all, i => simple?[i] == false),
            Enumerable.Range(0, LargestCount + 1)
                .Select(count => (count, Score: Of(all, i => counts[i] == count.ToString(CultureInfo.InvariantCulture))))
                .Where(pair => pair.Score is not null).ToDictionary(pair => pair.count, pair => pair.Score!));
    }

    private static AnswerScore? Of(AnswerScore all, Func<int, bool> counts)
    {
        double[] scores = [.. all.PerAnswer.Where((_, i) => counts(i))];
        return scores.Length == 0 ? null : AnswerScore.Of(scores);
    }

    private static string Digits(string answer)
    {
        string lower = PythonText.ToLower(answer);
        int number = lower == "none" ? 0 : Array.IndexOf(Numbers, lower);
        return number < 0 ? answer : number.ToString(CultureInfo.InvariantCulture);
    }
}

/// <summary>What answers to counting questions score.</summary>
/// <param name="Score">The mean, 0 to 1.</param>
/// <param name="PerAnswer">Each answer's score, in the order given.</param>
/// <param name="Simple">The same for the simple questions; null without any.</param>
/// <param name="Complex">The same for the complex questions; null without any.</param>
/// <param name="ByCount">The same for each answer from 0 to 15 that occurs.</param>
public sealed record TallyScore(
    double Score, IReadOnlyList<double> PerAnswer, AnswerScore? Simple, AnswerScore? Complex,
    IReadOnlyDictionary<int, AnswerScore> ByCount);
