using PaliGguf.Evaluation.Metrics.NGrams;
using PaliGguf.Evaluation.Metrics.Tokenization;

namespace PaliGguf.Evaluation.Metrics.Bleu;

/// <summary>BLEU as sacrebleu 2.6 computes it: what tables of translations print. 0 to 100.</summary>
/// <remarks>
/// Post, "A Call for Clarity in Reporting BLEU Scores", 2018. BP exp(mean of ln p_n), p_n = 100 matches / n-grams of the corpus; BP = exp(1
/// - r/c) where the predictions' length c is below r, the sum of the closest references' lengths (the shorter of two), and 0 where c is 0.
/// Nothing that matches at all is 0, whatever the smoothing.
/// </remarks>
public static class SacreBleu
{
    // What the original takes for the logarithm of 0.
    private const double LogOfZero = -9999999999;

    /// <summary>Scores a corpus.</summary>
    /// <param name="predictions">The predictions.</param>
    /// <param name="references">For each at least one reference; their number may differ.</param>
    /// <param name="options">How; null for the conventions of <c>corpus_bleu</c>.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <exception cref="ArgumentException">
    /// There is no prediction, as many references are given for another number of them, or one has none.
    /// </exception>
    public static SacreBleuScore Score(
        IReadOnlyList<string> predictions, IReadOnlyList<IReadOnlyList<string>> references, SacreBleuOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        options ??= new SacreBleuOptions();
        return Score(BleuStatistics.Sum(Statistics(predictions, references, options, cancellationToken)), options);
    }

    /// <summary>Scores one prediction. <see cref="SacreBleuOptions.EffectiveOrder"/> makes sense for it.</summary>
    /// <param name="prediction">The prediction.</param>
    /// <param name="references">At least one reference.</param>
    /// <param name="options">How; null for the conventions of <c>corpus_bleu</c>.</param>
    /// <exception cref="ArgumentException">There is no reference.</exception>
    public static SacreBleuScore Score(string prediction, IReadOnlyList<string> references, SacreBleuOptions? options = null) =>
        Score([prediction], [references], options);

    /// <summary>The score alone, for resamples.</summary>
    internal static BleuSample Sample(
        IReadOnlyList<string> predictions, IReadOnlyList<IReadOnlyList<string>> references, SacreBleuOptions options,
        CancellationToken cancellationToken) =>
        new(Statistics(predictions, references, options, cancellationToken), statistics => [Score(statistics, options).Score]);

    private static BleuStatistics[] Statistics(
        IReadOnlyList<string> predictions, IReadOnlyList<IReadOnlyList<string>> references, SacreBleuOptions options,
        CancellationToken cancellationToken)
    {
        Segments.Check(predictions, references);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxOrder, 1, nameof(options));
        TokenCorpus corpus = TokenCorpus.Create(predictions, references, text => options.Tokenizer.Tokenize(Prepare(text, options)));
        return BleuStatistics.Of(corpus, options.MaxOrder, ReferenceLength.Closest, cancellationToken);
    }

    private static string Prepare(string text, SacreBleuOptions options) =>
        PythonText.StripEnd(options.Lowercase ? PythonText.ToLower(text) : text);

    private static SacreBleuScore Score(BleuStatistics statistics, SacreBleuOptions options)
    {
        double brevity = statistics.Length >= statistics.ReferenceLength ? 1
            : statistics.Length > 0 ? Math.Exp(1 - ((double)statistics.ReferenceLength / statistics.Length)) : 0;
        double[] precisions = new double[options.MaxOrder];
        bool anyMatch = statistics.Matches.Any(matches => matches > 0);
        int orders = anyMatch ? Precisions(statistics, options, precisions) : 0;
        double mean = precisions.Take(orders).Sum(precision => precision > 0 ? Math.Log(precision) : LogOfZero) / Math.Max(1, orders);
        double score = anyMatch ? brevity * Math.Exp(mean) : 0;
        return new SacreBleuScore(
            score, precisions, brevity, statistics.Length, statistics.ReferenceLength, statistics.Matches, statistics.Totals);
    }

    // How many orders count.
    private static int Precisions(BleuStatistics statistics, SacreBleuOptions options, double[] precisions)
    {
        double value = options.SmoothingValue ?? (options.Smoothing == BleuSmoothing.Floor ? 0.1 : 1);
        double divisor = 1;
        int orders = options.MaxOrder;
        for (int order = 0; order < precisions.Length; order++)
        {
            double added = options.Smoothing == BleuSmoothing.AddK && order > 0 ? value : 0;
            double matches = statistics.Matches[order] + added;
            double total = statistics.Totals[order] + added;
            if (total == 0) break;
            if (options.EffectiveOrder) orders = order + 1;
            if (matches == 0 && options.Smoothing == BleuSmoothing.Exponential) matches = 1 / (divisor *= 2);
            else if (matches == 0 && options.Smoothing == BleuSmoothing.Floor) matches = value;
            precisions[order] = 100 * matches / total;
        }

        return orders;
    }
}
