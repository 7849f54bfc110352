using PaliGguf.Evaluation.Metrics.Tokenization;

namespace PaliGguf.Evaluation.Metrics.Bleu;

/// <summary>The settings of <see cref="SacreBleu"/>; by default those of <c>corpus_bleu</c>.</summary>
public sealed record SacreBleuOptions
{
    /// <summary>
    /// Splits the texts: <see cref="Mteval13aTokenizer"/> by default, or <see cref="InternationalTokenizer"/>, <see
    /// cref="CharacterTokenizer"/>, <see cref="WhiteSpaceTokenizer"/>.
    /// </summary>
    public ITokenizer Tokenizer { get; init; } = Mteval13aTokenizer.Instance;

    /// <summary>Whether letter case does not matter.</summary>
    public bool Lowercase { get; init; }

    /// <summary>What happens to orders without a match.</summary>
    public BleuSmoothing Smoothing { get; init; } = BleuSmoothing.Exponential;

    /// <summary>
    /// The k of <see cref="BleuSmoothing.AddK"/> (by default 1), or the count of <see cref="BleuSmoothing.Floor"/> (by default 0.1).
    /// </summary>
    public double? SmoothingValue { get; init; }

    /// <summary>Whether orders of which the predictions have no n-gram do not count; otherwise they make the score 0.</summary>
    public bool EffectiveOrder { get; init; }

    /// <summary>The longest n-grams, at least 1.</summary>
    public int MaxOrder { get; init; } = 4;
}

/// <summary>What sacrebleu does about orders of which no n-gram matches.</summary>
public enum BleuSmoothing
{
    /// <summary>The score is 0.</summary>
    None,

    /// <summary>A small count matches.</summary>
    Floor,

    /// <summary>Matches and n-grams of two and more words are raised by k.</summary>
    AddK,

    /// <summary>A half, a quarter, ... matches in the first, second, ... such order.</summary>
    Exponential,
}

/// <summary>BLEU as sacrebleu reports it.</summary>
/// <param name="Score">0 to 100.</param>
/// <param name="Precisions">For n-grams of 1, 2, ... words: 0 to 100, smoothed; all 0 where nothing matches.</param>
/// <param name="BrevityPenalty">0 to 1.</param>
/// <param name="Length">The words of the predictions.</param>
/// <param name="ReferenceLength">The words of the references that are closest in length.</param>
/// <param name="Matches">For each order the n-grams that match.</param>
/// <param name="Totals">For each order the n-grams of the predictions.</param>
public sealed record SacreBleuScore(
    double Score, IReadOnlyList<double> Precisions, double BrevityPenalty, long Length, long ReferenceLength, IReadOnlyList<long> Matches,
        IReadOnlyList<long> Totals);
