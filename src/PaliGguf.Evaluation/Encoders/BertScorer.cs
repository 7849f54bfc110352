using PaliGguf.Evaluation.Metrics.Bert;
using PaliGguf.Evaluation.Metrics.NGrams;
using PaliGguf.Evaluation.Metrics.Tokenization;

namespace PaliGguf.Evaluation.Encoders;

/// <summary>How BERTScore is computed.</summary>
public sealed record BertScoreOptions
{
    /// <summary>Whether rare tokens weigh more, by how few of all references have them (idf); not by default, as in bert_score.</summary>
    public bool WeighRareTokens { get; init; }

    /// <summary>What unrelated texts score (<see cref="BertBaseline"/>), for values that are stretched by it; null for plain ones.</summary>
    public BertScore? Baseline { get; init; }

    /// <summary>
    /// Splits texts into words, which are then given to the model with spaces between: for Thai, whose captions without spaces would be one
    /// unknown word each. Null for the texts as they are.
    /// </summary>
    public ITokenizer? Words { get; init; }
}

/// <summary>BERTScore of a corpus.</summary>
/// <param name="Mean">The means over the predictions.</param>
/// <param name="Each">The values of each prediction.</param>
public sealed record BertCorpusScore(BertScore Mean, IReadOnlyList<BertScore> Each);

/// <summary>BERTScore of texts: encodes them with a model, some at a time, and compares them.</summary>
public static class BertScorer
{
    // The states of so many tokens, 50 MB of a base model, are in memory together.
    private const int TokensAtOnce = 1 << 14;

    /// <summary>Scores predictions.</summary>
    /// <param name="encoder">The model.</param>
    /// <param name="predictions">The predictions.</param>
    /// <param name="references">For each at least one reference.</param>
    /// <param name="options">How; null for bert_score's defaults.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <exception cref="ArgumentException">The lists differ in length or are empty, or a prediction has no reference.</exception>
    /// <exception cref="InferenceException">The model fails.</exception>
    public static BertCorpusScore Score(
        BertEncoder encoder, IReadOnlyList<string> predictions, IReadOnlyList<IReadOnlyList<string>> references,
        BertScoreOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(encoder);
        Segments.Check(predictions, references);
        options ??= new BertScoreOptions();
        int[][] predicted = [.. predictions.Select(Tokens)];
        int[][][] expected = [.. references.Select(each => each.Select(Tokens).ToArray())];
        TokenWeights? weights = options.WeighRareTokens ? new TokenWeights([.. expected.SelectMany(each => each)]) : null;

        List<BertScore> scores = new(predicted.Length);
        while (scores.Count < predicted.Length)
        {
            int first = scores.Count;
            int end = first;
            int tokens = 0;
            while (end < predicted.Length && tokens < TokensAtOnce)
            {
                tokens += predicted[end].Length + expected[end].Sum(each => each.Length);
                end++;
            }

            // In the order of the predictions, each before its references.
            Queue<BertText> encoded = new(encoder.Encode(
                [.. Enumerable.Range(first, end - first).SelectMany(i => expected[i].Prepend(predicted[i]))], cancellationToken));
            for (int i = first; i < end; i++)
            {
                BertText prediction = encoded.Dequeue();
                BertScore score = BertScore.OfBest(prediction, [.. expected[i].Select(_ => encoded.Dequeue())], weights);
                scores.Add(options.Baseline is { } baseline ? score.Rescale(baseline) : score);
            }
        }

        return new BertCorpusScore(
            new BertScore(
                scores.Average(score => score.Precision), scores.Average(score => score.Recall), scores.Average(score => score.F)),
            scores);

        int[] Tokens(string text) => encoder.Tokenize(options.Words is { } words ? string.Join(' ', words.Tokenize(text)) : text);
    }
}
