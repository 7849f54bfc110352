using PaliGguf.Evaluation.Metrics.NGrams;

namespace PaliGguf.Evaluation.Metrics.Answers;

/// <summary>
/// The accuracy of RSVQA, questions about pictures from above: the mean over the types of questions of equality with any answer.
/// </summary>
/// <remarks>
/// In the conventions of big_vision's <c>rsvqa</c> evaluator, which knows five types and throws for others, as this does.
/// </remarks>
public static class Rsvqa
{
    private static readonly string[] Types = ["comp", "count", "presence", "rural_urban", "area"];
    /// <summary>The types whose mean the model card prints for RSVQA-LR.</summary>
    public static IReadOnlyList<string> LowResolution { get; } = ["comp", "presence", "rural_urban"];
    /// <summary>Those for RSVQA-HR.</summary>
    public static IReadOnlyList<string> HighResolution { get; } = ["comp", "presence"];

    /// <summary>Scores predictions.</summary>
    /// <param name="predictions">The predictions.</param>
    /// <param name="answers">For each at least one answer.</param>
    /// <param name="types">The type of each question: "comp", "count", "presence", "rural_urban" or "area".</param>
    /// <param name="ignoreCase">Whether all are compared in lower case, as the model card does.</param>
    /// <exception cref="ArgumentException">
    /// There is no prediction, the lists differ in length, one has no answer, or a type is unknown.
    /// </exception>
    public static RsvqaScore Score(
        IReadOnlyList<string> predictions, IReadOnlyList<IReadOnlyList<string>> answers, IReadOnlyList<string> types,
        bool ignoreCase = true)
    {
        Segments.CheckPairs(predictions, types);
        string? unknown = types.FirstOrDefault(type => !Types.Contains(type, StringComparer.Ordinal));
        if (unknown is not null)
        {
            throw new ArgumentException($"RSVQA has no questions of type '{unknown}', only of {string.Join(", ", Types)}.", nameof(types));
        }

        AnswerScore all = AnswerAccuracy.ScoreAny(predictions, answers, ignoreCase);
        Dictionary<string, AnswerScore> byType = types.Zip(all.PerAnswer)
            .GroupBy(pair => pair.First, pair => pair.Second, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => AnswerScore.Of([.. group]), StringComparer.Ordinal);
        return new RsvqaScore(
            all.Score, all.PerAnswer, byType, byType.Values.Average(type => type.Score), Mean(byType, LowResolution),
            Mean(byType, HighResolution));
    }

    private static double? Mean(Dictionary<string, AnswerScore> byType, IReadOnlyList<string> types) =>
        types.All(byType.ContainsKey) ? types.Average(type => byType[type].Score) : null;
}

/// <summary>What answers to RSVQA's questions score.</summary>
/// <param name="Score">The mean over all answers, 0 to 1.</param>
/// <param name="PerAnswer">Each answer's score, in the order given.</param>
/// <param name="ByType">The same for the questions of each type.</param>
/// <param name="MeanOfTypes">The mean over the types.</param>
/// <param name="LowResolution">
/// That of comp, presence and rural_urban, which the model card prints for RSVQA-LR; null where one is missing.
/// </param>
/// <param name="HighResolution">That of comp and presence, which the model card prints for RSVQA-HR; null where one is missing.</param>
public sealed record RsvqaScore(
    double Score, IReadOnlyList<double> PerAnswer, IReadOnlyDictionary<string, AnswerScore> ByType, double MeanOfTypes,
    double? LowResolution, double? HighResolution);
