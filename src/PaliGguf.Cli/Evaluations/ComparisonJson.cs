using PaliGguf.Evaluation.Comparison;

namespace PaliGguf.Cli.Evaluations;

/// <summary>A comparison as --json prints it.</summary>
internal sealed record ComparisonJson(
    string Reference, string Candidate, int Positions, DivergenceSummary Divergence, double TokenAgreement, double AnswerAgreement,
    ProbabilityChangeJson ProbabilityChange, double? BoxIou, IReadOnlyList<ComparedAnswerJson> Answers)
{
    public static ComparisonJson From(string reference, string candidate, ComparisonReport report) => new(
        reference, candidate, report.Positions, report.Divergence, report.TokenAgreement, report.AnswerAgreement,
        new ProbabilityChangeJson(report.MeanProbabilityChange, report.RootMeanSquareProbabilityChange), report.BoxOverlap,
        [.. report.Samples.Select(sample => new ComparedAnswerJson(
            sample.Picture, sample.Prompt, sample.ReferenceAnswer, sample.CandidateAnswer, sample.Positions, sample.MeanDivergence, sample.TokenAgreement, sample.BoxOverlap))]);
}

/// <summary>What becomes of the probability of the reference's tokens.</summary>
internal sealed record ProbabilityChangeJson(double Mean, double RootMeanSquare);

/// <summary>One picture and prompt.</summary>
internal sealed record ComparedAnswerJson(
    string Image, string Prompt, string Reference, string Candidate, int Positions, double MeanDivergence, double TokenAgreement, double? BoxIou);
