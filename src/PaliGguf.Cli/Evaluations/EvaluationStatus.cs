using PaliGguf.Cli.Terminals;
using PaliGguf.Evaluation;

namespace PaliGguf.Cli.Evaluations;

/// <summary>Shows how far an evaluation has come.</summary>
internal sealed class EvaluationStatus(SlowStatus status) : IProgress<EvaluationProgress>
{
    public void Report(EvaluationProgress value) => status.Report(value.Stage, value.Fraction);
}
