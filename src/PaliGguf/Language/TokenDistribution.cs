using System.Numerics.Tensors;

namespace PaliGguf.Language;

/// <summary>What the model itself (temperature 1, nothing filtered) says of the next token.</summary>
internal readonly ref struct TokenDistribution
{
    private readonly float _logSum;

    /// <param name="logits">One logit per token of the vocabulary.</param>
    /// <exception cref="InferenceException">The logits are no distribution: one is not a number, or infinite.</exception>
    public TokenDistribution(ReadOnlySpan<float> logits)
    {
        Logits = logits;
        // Not a number if any logit is, or if the highest is infinite: no further look at the logits is needed.
        _logSum = Language.Logits.LogSumExp(logits);
        if (!float.IsFinite(_logSum)) throw new InferenceException("The model produced NaN or infinite logits: its weights are damaged, or the device computes wrongly.");
    }

    public ReadOnlySpan<float> Logits { get; }

    /// <summary>The natural logarithm of a token's probability.</summary>
    public float LogProbability(int token) => Logits[token] - _logSum;

    /// <summary>The probabilities of some tokens, in their order.</summary>
    public float[] Probabilities(ReadOnlySpan<int> tokens)
    {
        float[] probabilities = new float[tokens.Length];
        for (int index = 0; index < tokens.Length; index++) probabilities[index] = LogProbability(tokens[index]);
        TensorPrimitives.Exp(probabilities, probabilities);
        return probabilities;
    }
}
