using System.Numerics.Tensors;

namespace PaliGguf.Evaluation.Metrics.Bert;

/// <summary>How close two texts are by the contextual vectors of their tokens.</summary>
/// <param name="Precision">How well the tokens of the prediction are met, each by its closest of the reference; at most 1.</param>
/// <param name="Recall">How well the tokens of the reference are met.</param>
/// <param name="F">The harmonic mean of both, 0 where it has no value.</param>
/// <remarks>
/// Zhang and others, "BERTScore: Evaluating Text Generation with BERT", 2020; in the conventions of bert_score 0.3.12. Tokens are compared
/// by the cosine of their vectors, those at the beginning and the end, [CLS] and [SEP], included, which have no weight of their own but can
/// be the closest of others. With weights w: P = sum_i w_i max_j cos(p_i, r_j), R = sum_j w_j max_i cos(p_i, r_j), F = 2 P R / (P + R). A
/// text without tokens scores 0. Where all weights are 0 the original gives NaN, and this 0.
/// </remarks>
public readonly record struct BertScore(double Precision, double Recall, double F)
{
    /// <summary>Compares a prediction with a reference.</summary>
    /// <param name="prediction">The prediction.</param>
    /// <param name="reference">The reference.</param>
    /// <param name="weights">The weights of rare and common tokens; null to weigh all the same.</param>
    /// <exception cref="ArgumentException">The vectors of the texts differ in length.</exception>
    public static BertScore Of(BertText prediction, BertText reference, TokenWeights? weights = null)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(reference);
        if (prediction.Width != reference.Width)
        {
            throw new ArgumentException(
                $"Vectors of {prediction.Width} and of {reference.Width} numbers do not compare.", nameof(reference));
        }

        if (prediction.IsEmpty || reference.IsEmpty) return default;
        double[] best = new double[prediction.Tokens.Count];
        double[] bestOfReference = new double[reference.Tokens.Count];
        Array.Fill(best, double.NegativeInfinity);
        Array.Fill(bestOfReference, double.NegativeInfinity);
        for (int i = 0; i < best.Length; i++)
        {
            for (int j = 0; j < bestOfReference.Length; j++)
            {
                double cosine = TensorPrimitives.Dot(prediction.Direction(i), reference.Direction(j));
                best[i] = Math.Max(best[i], cosine);
                bestOfReference[j] = Math.Max(bestOfReference[j], cosine);
            }
        }

        return From(Mean(best, prediction, weights), Mean(bestOfReference, reference, weights));
    }

    /// <summary>Compares a prediction with several references: the best precision, recall and F over them, each by itself.</summary>
    /// <param name="prediction">The prediction.</param>
    /// <param name="references">At least one reference.</param>
    /// <param name="weights">The weights of rare and common tokens; null to weigh all the same.</param>
    /// <exception cref="ArgumentException">There is no reference, or the vectors of the texts differ in length.</exception>
    public static BertScore OfBest(BertText prediction, IReadOnlyCollection<BertText> references, TokenWeights? weights = null)
    {
        ArgumentNullException.ThrowIfNull(references);
        if (references.Count == 0) throw new ArgumentException("There is no reference.", nameof(references));
        BertScore[] scores = [.. references.Select(reference => Of(prediction, reference, weights))];
        return new BertScore(scores.Max(score => score.Precision), scores.Max(score => score.Recall), scores.Max(score => score.F));
    }

    /// <summary>Stretches the values so that unrelated texts are near 0: (x - b) / (1 - b), with b what unrelated texts score.</summary>
    /// <param name="baseline">What unrelated texts score with this model and layer, each below 1.</param>
    public BertScore Rescale(BertScore baseline) => new(
        (Precision - baseline.Precision) / (1 - baseline.Precision), (Recall - baseline.Recall) / (1 - baseline.Recall),
        (F - baseline.F) / (1 - baseline.F));

    private static BertScore From(double precision, double recall) =>
        new(precision, recall, precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall));

    private static double Mean(double[] cosines, BertText text, TokenWeights? weights)
    {
        double sum = 0;
        double total = 0;
        for (int i = 0; i < cosines.Length; i++)
        {
            // The first and the last token stand for no word.
            double weight = weights is not null ? weights.Of(text.Tokens[i]) : i == 0 || i == cosines.Length - 1 ? 0 : 1;
            sum += weight * cosines[i];
            total += weight;
        }

        return total == 0 ? 0 : sum / total;
    }
}
