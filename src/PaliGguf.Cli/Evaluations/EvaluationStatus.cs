using System.Text;
using PaliGguf.Cli.Terminals;
using PaliGguf.Evaluation;
using PaliGguf.Evaluation.Samples;

namespace PaliGguf.Cli.Evaluations;

/// <summary>Shows how far an evaluation has come.</summary>
internal sealed class EvaluationStatus(SlowStatus status) : IProgress<EvaluationProgress>
{
    public void Report(EvaluationProgress value) => status.Report(value.Stage, value.Fraction);

    /// <summary>How many tokens a prompt and its answer have together, at most: a token has at least one byte, and two more begin and end the text.</summary>
    public static long TextTokens(IReadOnlyList<EvaluationSample> samples, int maxTokens) => samples.Max(sample => Encoding.UTF8.GetByteCount(sample.Prompt)) + 2L + maxTokens;
}
