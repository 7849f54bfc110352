namespace PaliGguf.Evaluation.Comparison;

/// <summary>How close a candidate comes to a reference, over all samples.</summary>
public sealed record ComparisonReport
{
    /// <summary>The samples, in the order given.</summary>
    public required IReadOnlyList<SampleComparison> Samples { get; init; }

    /// <summary>How many next-token distributions were compared: the tokens of the reference's answers, end-of-sequence included.</summary>
    public required int Positions { get; init; }

    /// <summary>The divergences of these distributions.</summary>
    public required DivergenceSummary Divergence { get; init; }

    /// <summary>At which fraction of the positions the candidate's most probable token is the reference's, 0 to 1.</summary>
    public required double TokenAgreement { get; init; }

    /// <summary>For which fraction of the samples the candidate, left to itself, answers with the reference's text, 0 to 1.</summary>
    public required double AnswerAgreement { get; init; }

    /// <summary>By how much the probability of the reference's token changes on average, candidate less reference: below 0 where certainty was lost.</summary>
    public required double MeanProbabilityChange { get; init; }

    /// <summary>The root of the mean square of that change.</summary>
    public required double RootMeanSquareProbabilityChange { get; init; }

    /// <summary>
    /// The mean intersection over union of the boxes in the two models' answers, 0 to 1: paired by label, the best pairs first, a box without a partner counting 0. Null
    /// where no answer holds a box.
    /// </summary>
    public required double? BoxOverlap { get; init; }
}

/// <summary>How close a candidate comes to a reference on one picture and prompt.</summary>
/// <param name="Picture">The picture's file.</param>
/// <param name="Prompt">The prompt.</param>
/// <param name="ReferenceAnswer">The reference's greedy answer.</param>
/// <param name="CandidateAnswer">The candidate's own.</param>
/// <param name="Positions">How many distributions were compared.</param>
/// <param name="MeanDivergence">The mean of their divergences.</param>
/// <param name="TokenAgreement">At which fraction of them the candidate's most probable token is the reference's.</param>
/// <param name="BoxOverlap">The mean intersection over union of the boxes in both answers; null where there is none.</param>
public sealed record SampleComparison(
    string Picture, string Prompt, string ReferenceAnswer, string CandidateAnswer, int Positions, double MeanDivergence, double TokenAgreement, double? BoxOverlap)
{
    /// <summary>Whether both answers are the same text.</summary>
    public bool SameAnswer => string.Equals(ReferenceAnswer, CandidateAnswer, StringComparison.Ordinal);
}
