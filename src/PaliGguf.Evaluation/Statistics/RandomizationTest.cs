using PaliGguf.Evaluation.Metrics.NGrams;

namespace PaliGguf.Evaluation.Statistics;

/// <summary>
/// Approximate randomization: whether two runs over the same items differ by more than chance. If they did not, it would not matter which
/// answer is whose; so answers are swapped at random, and the test counts how often the scores differ as much as they really do. It assumes
/// nothing about how scores are distributed, and goes with any score of a corpus. Noreen, "Computer-Intensive Methods for Testing
/// Hypotheses", 1989; Riezler and Maxwell, "On Some Pitfalls in Automatic Evaluation and Significance Testing for MT", 2005.
/// </summary>
public static class RandomizationTest
{
    // Sums in another order differ in their last bits.
    private const double Rounding = 1e-9;

    /// <summary>Tests differences of scores, on both sides.</summary>
    /// <param name="observed">The differences.</param>
    /// <param name="answers">The number of pairs of answers, at least 1.</param>
    /// <param name="rounds">How often answers are swapped, at least 1.</param>
    /// <param name="seed">Other seeds swap other answers.</param>
    /// <param name="differences">The same differences where some pairs are swapped; called from several threads.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <returns>
    /// For each difference p: how probable one as large, or larger, is between runs that are equally good. (c + 1) / (rounds + 1) where c
    /// rounds gave one; 1 where there is no difference, NaN where it is no number.
    /// </returns>
    public static IReadOnlyList<double> Probabilities(
        IReadOnlyList<double> observed, int answers, int rounds, int seed, Func<bool[], double[]> differences,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(observed);
        ArgumentOutOfRangeException.ThrowIfLessThan(answers, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 1);
        ArgumentNullException.ThrowIfNull(differences);
        double[][] all = InParallel.Select(rounds, round => differences(Draw(answers, seed, round)), cancellationToken);
        return [.. observed.Select((difference, i) => double.IsNaN(difference)
            ? double.NaN
            : (all.Count(each => Math.Abs(each[i]) >= Math.Abs(difference) * (1 - Rounding)) + 1.0) / (rounds + 1))];
    }

    private static bool[] Draw(int answers, int seed, int round)
    {
        RandomSource random = new(seed, round);
        bool[] swapped = new bool[answers];
        for (int i = 0; i < answers; i += 64)
        {
            ulong bits = random.Next();
            for (int j = i; j < Math.Min(i + 64, answers); j++, bits >>= 1) swapped[j] = (bits & 1) != 0;
        }

        return swapped;
    }
}
