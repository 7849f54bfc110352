namespace PaliGguf.Evaluation;

/// <summary>How far an evaluation has come.</summary>
/// <param name="Stage">What is being done, in a few words.</param>
/// <param name="Fraction">How much of the whole is done, 0 to 1.</param>
public readonly record struct EvaluationProgress(string Stage, double Fraction);
