using PaliGguf.Evaluation.Metrics.NGrams;
using PaliGguf.Evaluation.Metrics.Tokenization;

namespace PaliGguf.Evaluation.Metrics.Answers;

/// <summary>Average normalized Levenshtein similarity, the measure of DocVQA, InfoVQA and ST-VQA.</summary>
/// <remarks>
/// Biten and others, "Scene Text Visual Question Answering", 2019; in the conventions of big_vision's <c>vqa</c> evaluator. With d the edit
/// distance over code points divided by the longer length: 1 - d where d is below the threshold, else 0, and of several answers the best.
/// An empty answer is met by an empty prediction alone. Nothing is stripped or normalized.
/// </remarks>
public static class Anls
{
    /// <summary>Scores predictions.</summary>
    /// <param name="predictions">The predictions.</param>
    /// <param name="answers">For each at least one answer.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <exception cref="ArgumentException">
    /// There is no prediction, answers are given for another number of them, or one has none.
    /// </exception>
    public static AnswerScore Score(
        IReadOnlyList<string> predictions, IReadOnlyList<IReadOnlyList<string>> answers, AnlsOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        Segments.Check(predictions, answers);
        options ??= new AnlsOptions();
        return AnswerScore.Of(InParallel.Select(
            predictions.Count, i => answers[i].Max(answer => Similarity(predictions[i], answer, options)), cancellationToken));
    }

    private static double Similarity(string prediction, string answer, AnlsOptions options)
    {
        if (answer.Length == 0) return prediction.Length == 0 ? 1 : 0;
        int[] ones = CodePoints(prediction, options);
        int[] others = CodePoints(answer, options);
        double distance = (double)EditDistance.Of(ones, others) / Math.Max(ones.Length, others.Length);
        return distance < options.Threshold ? 1 - distance : 0;
    }

    private static int[] CodePoints(string text, AnlsOptions options) =>
        [.. (options.IgnoreCase ? PythonText.ToLower(text) : text).EnumerateRunes().Select(rune => rune.Value)];
}

/// <summary>The settings of <see cref="Anls"/>.</summary>
public sealed record AnlsOptions
{
    /// <summary>Whether all are compared in lower case, as for DocVQA, InfoVQA and ST-VQA.</summary>
    public bool IgnoreCase { get; init; } = true;

    /// <summary>The relative distance from which on an answer counts as wrong; the papers' is 0.5.</summary>
    public double Threshold { get; init; } = 0.5;
}
