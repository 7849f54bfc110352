using PaliGguf.Evaluation.Metrics.NGrams;

namespace PaliGguf.Evaluation.Metrics.Answers;

/// <summary>The share of characters that stand where the reference has them: for texts that are read from pictures.</summary>
/// <remarks>
/// The number of places at which both have the same UTF-16 unit, divided by the longer length, as pali-nano's card has it. One character
/// too many shifts all behind it. Two empty texts score 1.
/// </remarks>
public static class CharacterAccuracy
{
    /// <summary>Scores predictions.</summary>
    /// <param name="predictions">The predictions.</param>
    /// <param name="references">A reference for each.</param>
    /// <exception cref="ArgumentException">There is no prediction, or the lists differ in length.</exception>
    public static AnswerScore Score(IReadOnlyList<string> predictions, IReadOnlyList<string> references)
    {
        Segments.CheckPairs(predictions, references);
        return AnswerScore.Of(predictions, references, (prediction, reference) => Math.Max(prediction.Length, reference.Length) is > 0 and var length
            ? (double)prediction.Zip(reference).Count(pair => pair.First == pair.Second) / length
            : 1);
    }
}
