using PaliGguf.Evaluation.Metrics.NGrams;

namespace PaliGguf.Evaluation.Statistics;

/// <summary>
/// The bootstrap: how scores vary where answers are drawn again, with replacement, out of those that there are. Efron, "Bootstrap Methods:
/// Another Look at the Jackknife", 1979; for scores of texts: Koehn, "Statistical Significance Tests for Machine Translation Evaluation",
/// 2004.
/// </summary>
public static class Bootstrap
{
    /// <summary>Scores resamples.</summary>
    /// <param name="answers">The number of answers, at least 1.</param>
    /// <param name="resamples">The number of resamples, at least 1.</param>
    /// <param name="seed">Other seeds draw other resamples.</param>
    /// <param name="scores">
    /// The scores of a resample, by how often it holds each answer; called from several threads. Two runs are compared in pairs where it
    /// scores the same resample of both.
    /// </param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <returns>For each resample its scores.</returns>
    public static IReadOnlyList<double[]> Scores(
        int answers, int resamples, int seed, Func<int[], double[]> scores, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(answers, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 1);
        ArgumentNullException.ThrowIfNull(scores);
        return InParallel.Select(resamples, round => scores(Draw(answers, seed, round)), cancellationToken);
    }

    private static int[] Draw(int answers, int seed, int round)
    {
        RandomSource random = new(seed, round);
        int[] counts = new int[answers];
        for (int i = 0; i < answers; i++) counts[random.Below(answers)]++;
        return counts;
    }
}
