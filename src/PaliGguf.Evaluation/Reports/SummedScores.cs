using PaliGguf.Evaluation.Statistics;

namespace PaliGguf.Evaluation.Reports;

/// <summary>Values that are functions of sums over answers.</summary>
/// <param name="run">Those of the run.</param>
/// <param name="other">Those of the other one, in the same order; none without one.</param>
internal sealed class SummedScores(ScoreSums[] run, ScoreSums[] other) : IResampledScores
{
    public double[] OfResample(int[] counts) => [.. run.Concat(other).Select(sums => sums.Of(counts))];

    public double[] DifferencesOf(bool[] swapped) =>
        [.. run.Zip(other, (ours, theirs) => ours.Of(theirs, swapped) - theirs.Of(ours, swapped))];
}
