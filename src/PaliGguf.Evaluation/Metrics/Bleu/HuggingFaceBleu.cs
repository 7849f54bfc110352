using PaliGguf.Evaluation.Metrics.NGrams;
using PaliGguf.Evaluation.Metrics.Tokenization;
using Words = System.Collections.Generic.IReadOnlyList<string>;

namespace PaliGguf.Evaluation.Metrics.Bleu;

/// <summary>
/// BLEU as Hugging Face <c>evaluate</c> computes it, with TensorFlow NMT's code: no smoothing, and the shortest reference's length. 0 to 1.
/// </summary>
/// <remarks>
/// BP times the geometric mean of the corpus's precisions, 0 where one of them is; BP = exp(1 - r/c) where c is not above r, the sum of the
/// shortest references' lengths. The original divides by zero where all predictions or all references are empty; here the score is 0 then,
/// and so is the brevity penalty of empty predictions.
/// </remarks>
public static class HuggingFaceBleu
{
    /// <summary>Scores a corpus.</summary>
    /// <param name="predictions">The predictions.</param>
    /// <param name="references">For each at least one reference.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <exception cref="ArgumentException">
    /// There is no prediction, as many references are given for another number of them, or one has none.
    /// </exception>
    public static HuggingFaceBleuScore Score(
        IReadOnlyList<string> predictions, IReadOnlyList<IReadOnlyList<string>> references, HuggingFaceBleuOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        Segments.Check(predictions, references);
        options ??= new HuggingFaceBleuOptions();
        return Score(TokenCorpus.Create(predictions, references, options.Tokenizer.Tokenize), options, cancellationToken);
    }

    /// <summary>Scores a corpus that is tokenized.</summary>
    /// <param name="predictions">The words of the predictions.</param>
    /// <param name="references">For each the words of at least one reference.</param>
    /// <param name="options">How, without the tokenizer; null for the defaults.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <exception cref="ArgumentException">
    /// There is no prediction, as many references are given for another number of them, or one has none.
    /// </exception>
    public static HuggingFaceBleuScore ScoreTokens(
        IReadOnlyList<Words> predictions, IReadOnlyList<IReadOnlyList<Words>> references, HuggingFaceBleuOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        Segments.Check(predictions, references);
        TokenCorpus corpus = TokenCorpus.Create(predictions, references, words => words);
        return Score(corpus, options ?? new HuggingFaceBleuOptions(), cancellationToken);
    }

    /// <summary>The precisions, then the score, for resamples.</summary>
    internal static BleuSample Sample(
        IReadOnlyList<string> predictions, IReadOnlyList<IReadOnlyList<string>> references, HuggingFaceBleuOptions options,
        CancellationToken cancellationToken)
    {
        Segments.Check(predictions, references);
        TokenCorpus corpus = TokenCorpus.Create(predictions, references, options.Tokenizer.Tokenize);
        return new BleuSample(Statistics(corpus, options, cancellationToken), statistics =>
        {
            HuggingFaceBleuScore score = Score(statistics, options);
            return [.. score.Precisions, score.Score];
        });
    }

    private static HuggingFaceBleuScore Score(TokenCorpus corpus, HuggingFaceBleuOptions options, CancellationToken cancellationToken) =>
        Score(BleuStatistics.Sum(Statistics(corpus, options, cancellationToken)), options);

    private static BleuStatistics[] Statistics(TokenCorpus corpus, HuggingFaceBleuOptions options, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxOrder, 1, nameof(options));
        return BleuStatistics.Of(corpus, options.MaxOrder, ReferenceLength.Shortest, cancellationToken);
    }

    private static HuggingFaceBleuScore Score(BleuStatistics statistics, HuggingFaceBleuOptions options)
    {
        int added = options.Smooth ? 1 : 0;
        double[] precisions =
            [.. statistics.Matches.Zip(statistics.Totals, (matches, total) =>
                total + added == 0 ? 0 : (double)(matches + added) / (total + added))];
        double ratio = statistics.Length == 0 ? 0 : (double)statistics.Length / statistics.ReferenceLength;
        double brevity = ratio > 1 ? 1 : ratio > 0 ? Math.Exp(1 - (1 / ratio)) : 0;
        bool defined = statistics.Length > 0 && statistics.ReferenceLength > 0 && precisions.All(precision => precision > 0);
        double score = defined ? brevity * Math.Exp(precisions.Sum(Math.Log) / precisions.Length) : 0;
        return new HuggingFaceBleuScore(score, precisions, brevity, ratio, statistics.Length, statistics.ReferenceLength);
    }
}

/// <summary>The settings of <see cref="HuggingFaceBleu"/>.</summary>
public sealed record HuggingFaceBleuOptions
{
    /// <summary>Splits the texts.</summary>
    public ITokenizer Tokenizer { get; init; } = Mteval13aTokenizer.Instance;

    /// <summary>The longest n-grams, at least 1.</summary>
    public int MaxOrder { get; init; } = 4;

    /// <summary>Whether 1 is added to the matches and to the n-grams of every order.</summary>
    public bool Smooth { get; init; }
}

/// <summary>BLEU as Hugging Face <c>evaluate</c> reports it.</summary>
/// <param name="Score">0 to 1: "bleu".</param>
/// <param name="Precisions">For n-grams of 1, 2, ... words: 0 to 1.</param>
/// <param name="BrevityPenalty">0 to 1.</param>
/// <param name="LengthRatio">
/// The words of the predictions over those of the references; 0 without any in the predictions, infinite without any in the references
/// alone.
/// </param>
/// <param name="Length">The words of the predictions: "translation_length".</param>
/// <param name="ReferenceLength">The words of the shortest references.</param>
public sealed record HuggingFaceBleuScore(double Score, IReadOnlyList<double> Precisions, double BrevityPenalty, double LengthRatio,
    long Length, long ReferenceLength);
