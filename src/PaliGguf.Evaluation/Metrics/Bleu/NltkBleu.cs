using PaliGguf.Evaluation.Metrics.NGrams;
using Words = System.Collections.Generic.IReadOnlyList<string>;

namespace PaliGguf.Evaluation.Metrics.Bleu;

/// <summary>
/// BLEU as nltk 3.8 computes it, of each order by itself (weights 0, 1, 0, 0) and cumulative (weights 1/n): the two things that tables call
/// "BLEU-1 to BLEU-4". 0 to 1.
/// </summary>
/// <remarks>
/// BP exp(sum of w_n ln p_n); a denominator is at least 1 for each sentence, and a precision of 0 counts as the smallest normal number,
/// 2.2e-308, so that without smoothing the score of a prediction that misses an order is 1e-155 or so rather than 0. Where no word matches,
/// all are 0. BP = exp(1 - r/c) where c is not above r, the closest reference's length (the shorter of two).
/// </remarks>
public static class NltkBleu
{
    private const int Orders = 4;
    private const double SmallestNormal = 2.2250738585072014e-308;
    private const double Epsilon = 0.1;
    private const double Divisor = 5;

    /// <summary>Scores a corpus: <c>corpus_bleu</c>, matches and n-grams summed up over all predictions.</summary>
    /// <param name="predictions">The words of the predictions.</param>
    /// <param name="references">For each the words of at least one reference.</param>
    /// <param name="smoothing">What happens to orders without a match.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <exception cref="ArgumentException">
    /// There is no prediction, as many references are given for another number of them, or one has none.
    /// </exception>
    public static NltkBleuScore Score(
        IReadOnlyList<Words> predictions, IReadOnlyList<IReadOnlyList<Words>> references, NltkSmoothing smoothing = NltkSmoothing.None,
        CancellationToken cancellationToken = default) =>
        Score(BleuStatistics.Sum(Statistics(predictions, references, cancellationToken)), smoothing);

    /// <summary>Scores every prediction by itself: <c>sentence_bleu</c>.</summary>
    /// <inheritdoc cref="Score(IReadOnlyList{Words}, IReadOnlyList{IReadOnlyList{Words}}, NltkSmoothing, CancellationToken)"
    /// path="/param|/exception"/>
    /// <returns>
    /// In the order of the predictions. Their mean is another number than the corpus's score; tables rarely tell which one they print.
    /// </returns>
    public static IReadOnlyList<NltkBleuScore> ScoreEach(
        IReadOnlyList<Words> predictions, IReadOnlyList<IReadOnlyList<Words>> references, NltkSmoothing smoothing = NltkSmoothing.None,
        CancellationToken cancellationToken = default) =>
        [.. Statistics(predictions, references, cancellationToken).Select(statistics => Score(statistics, smoothing))];

    /// <summary>The individual scores, then the cumulative ones, for resamples.</summary>
    internal static BleuSample Sample(
        IReadOnlyList<Words> predictions, IReadOnlyList<IReadOnlyList<Words>> references, CancellationToken cancellationToken) =>
        new(Statistics(predictions, references, cancellationToken), statistics =>
        {
            NltkBleuScore score = Score(statistics, NltkSmoothing.None);
            return [.. score.Individual, .. score.Cumulative];
        });

    private static BleuStatistics[] Statistics(
        IReadOnlyList<Words> predictions, IReadOnlyList<IReadOnlyList<Words>> references, CancellationToken cancellationToken)
    {
        Segments.Check(predictions, references);
        TokenCorpus corpus = TokenCorpus.Create(predictions, references, words => words);
        return [.. BleuStatistics.Of(corpus, Orders, ReferenceLength.Closest, cancellationToken)
            .Select(each => each with { Totals = [.. each.Totals.Select(total => Math.Max(1, total))] })];
    }

    private static NltkBleuScore Score(BleuStatistics statistics, NltkSmoothing smoothing)
    {
        double[] individual = new double[Orders];
        double[] cumulative = new double[Orders];
        if (statistics.Matches[0] == 0) return new NltkBleuScore(individual, cumulative);
        double ratio = (double)statistics.ReferenceLength / statistics.Length;
        double brevity = ratio < 1 ? 1 : Math.Exp(1 - ratio);
        double sum = 0;
        int missing = 0;
        for (int order = 0; order < Orders; order++)
        {
            double precision = statistics.Matches[order] > 0
                ? (double)statistics.Matches[order] / statistics.Totals[order]
                : Smoothed(statistics, order, smoothing, ref missing);
            // A precision of 0 is left out of the sum.
            double logarithm = precision > 0 ? Math.Log(precision) : 0;
            sum += logarithm;
            individual[order] = brevity * Math.Exp(logarithm);
            cumulative[order] = brevity * Math.Exp(sum / (order + 1));
        }

        return new NltkBleuScore(individual, cumulative);
    }

    private static double Smoothed(BleuStatistics statistics, int order, NltkSmoothing smoothing, ref int missing) => smoothing switch
    {
        NltkSmoothing.Method1 => Epsilon / statistics.Totals[order],
        NltkSmoothing.Method4 =>
            statistics.Length > 1 ? Math.Log(statistics.Length) / (Math.Pow(2, ++missing) * Divisor) / statistics.Totals[order] : 0,
        _ => SmallestNormal,
    };
}

/// <summary>
/// What nltk does about orders of which no n-gram matches; the names are nltk's. From Chen and Cherry, "A Systematic Comparison of
/// Smoothing Techniques", 2014.
/// </summary>
public enum NltkSmoothing
{
    /// <summary>The precision is the smallest normal number: <c>method0</c>.</summary>
    None,

    /// <summary>A tenth of an n-gram matches.</summary>
    Method1,

    /// <summary>ln(length) / (5 2^k) n-grams match in the k-th such order; nothing where the prediction is one word.</summary>
    Method4,
}

/// <summary>BLEU as nltk reports it, with the weights that tables use.</summary>
/// <param name="Individual">For n = 1..4 the precision of n-grams alone, times the brevity penalty: 0 to 1.</param>
/// <param name="Cumulative">
/// For n = 1..4 the geometric mean of the precisions up to n, times the brevity penalty; the fourth is the usual BLEU.
/// </param>
public sealed record NltkBleuScore(IReadOnlyList<double> Individual, IReadOnlyList<double> Cumulative);
