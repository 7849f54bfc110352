using System.Numerics.Tensors;

namespace PaliGguf.Evaluation.Comparison;

/// <summary>What two models say of the same next token.</summary>
/// <param name="Divergence">
/// The Kullback-Leibler divergence of the candidate's distribution from the reference's in nats, the sum of p ln(p / q): 0 where they are the same.
/// </param>
/// <param name="SameToken">Whether the candidate would have chosen the reference's token.</param>
/// <param name="ProbabilityChange">By how much that token's probability differs, candidate less reference.</param>
internal readonly record struct PositionComparison(double Divergence, bool SameToken, double ProbabilityChange)
{
    /// <summary>Compares two distributions, given as logits of the same tokens.</summary>
    /// <param name="reference">The reference's logits.</param>
    /// <param name="candidate">The candidate's.</param>
    /// <param name="token">What the reference chose.</param>
    public static PositionComparison Of(ReadOnlySpan<float> reference, ReadOnlySpan<float> candidate, int token)
    {
        double referenceLogSum = LogSumExp(reference), candidateLogSum = LogSumExp(candidate), divergence = 0;
        for (int index = 0; index < reference.Length; index++)
        {
            double logP = reference[index] - referenceLogSum, p = Math.Exp(logP);
            // What is impossible costs nothing, whatever the candidate says of it.
            if (p > 0) divergence += p * (logP - (candidate[index] - candidateLogSum));
        }

        return new PositionComparison(
            // Never negative but for rounding.
            Math.Max(divergence, 0),
            TensorPrimitives.IndexOfMax(candidate) == token,
            Math.Exp(candidate[token] - candidateLogSum) - Math.Exp(reference[token] - referenceLogSum));
    }

    private static double LogSumExp(ReadOnlySpan<float> logits)
    {
        double highest = TensorPrimitives.Max(logits), sum = 0;
        foreach (float logit in logits) sum += Math.Exp(logit - highest);
        return highest + Math.Log(sum);
    }
}
