using PaliGguf.Evaluation.Metrics.NGrams;

namespace PaliGguf.Evaluation.Metrics.Answers;

/// <summary>The accuracy of VQAv2 and TextVQA: as soon as three of the ten people who answered agree, a prediction is right.</summary>
/// <remarks>
/// Antol and others, "VQA: Visual Question Answering", 2015; in the conventions of big_vision's <c>vqav2</c> evaluator. The mean over the
/// ten sets of nine answers of min(1, matches / 3): 0.3, 0.6, 0.9, 1. Where the answers are not all the same they and the prediction are
/// normalized first: punctuation, articles, number words and contractions. Where they are, letter case and all matters.
/// </remarks>
public static class VqaAccuracy
{
    private const int People = 10;
    private const double Enough = 3;

    /// <summary>Scores predictions.</summary>
    /// <param name="predictions">The predictions.</param>
    /// <param name="answers">For each ten answers.</param>
    /// <param name="types">The type of each answer, "yes/no", "number" or "other" as a rule; null without types.</param>
    /// <exception cref="ArgumentException">
    /// There is no prediction, the lists differ in length, or one has less than ten answers, where the original throws.
    /// </exception>
    public static VqaScore Score(
        IReadOnlyList<string> predictions, IReadOnlyList<IReadOnlyList<string>> answers, IReadOnlyList<string>? types = null)
    {
        Segments.Check(predictions, answers);
        if (types is not null) Segments.CheckPairs(predictions, types);
        for (int i = 0; i < answers.Count; i++)
        {
            if (answers[i].Count < People)
            {
                throw new ArgumentException(
                    $"Prediction {i} has {answers[i].Count} answers; VQA accuracy is a mean over {People} of them.", nameof(answers));
            }
        }

        AnswerScore score = AnswerScore.Of(predictions, answers, Score);
        Dictionary<string, AnswerScore> byType = types is null
            ? []
            : types.Zip(score.PerAnswer).GroupBy(pair => pair.First, pair => pair.Second, StringComparer.Ordinal)
                .ToDictionary(group => group.Key, group => AnswerScore.Of([.. group]), StringComparer.Ordinal);
        return new VqaScore(score.Score, score.PerAnswer, byType);
    }

    /// <summary>The prediction and the answers in the form in which they are compared.</summary>
    internal static (string Prediction, string[] Answers) Prepare(string prediction, IReadOnlyList<string> answers)
    {
        string stripped = VqaNormalization.Strip(prediction);
        string[] all = [.. answers.Select(VqaNormalization.Strip)];
        return all.All(answer => answer == all[0])
            ? (stripped, all)
            : (VqaNormalization.Normalize(stripped), [.. all.Select(VqaNormalization.Normalize)]);
    }

    private static double Score(string prediction, IReadOnlyList<string> answers)
    {
        (string text, string[] all) = Prepare(prediction, answers);
        int matches = all.Count(answer => answer == text);
        return Enumerable.Range(0, People).Average(left => Math.Min(1, (matches - (all[left] == text ? 1 : 0)) / Enough));
    }
}

/// <summary>What answers score.</summary>
/// <param name="Score">The mean, 0 to 1.</param>
/// <param name="PerAnswer">Each answer's score, in the order given.</param>
/// <param name="ByType">The same for the answers of each type.</param>
public sealed record VqaScore(double Score, IReadOnlyList<double> PerAnswer, IReadOnlyDictionary<string, AnswerScore> ByType);
