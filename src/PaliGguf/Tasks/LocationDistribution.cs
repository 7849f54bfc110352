using System.Numerics.Tensors;

namespace PaliGguf.Tasks;

/// <summary>What the model thought of one coordinate when it chose a location token.</summary>
/// <param name="probabilities">
/// The probability of each location token, by bin: an element of <see cref="Language.GenerationResult.Observations"/> of a request that observes
/// <see cref="InstanceTokens.Locations"/>. Together they may be less than 1: the rest is that of all other tokens.
/// </param>
internal readonly struct LocationDistribution(float[] probabilities)
{
    /// <summary>The probability that it is a location at all.</summary>
    public float Mass => TensorPrimitives.Sum<float>(probabilities);

    /// <summary>The probability of the bins that are at most some distance from a bin.</summary>
    public float MassWithin(int bin, int distance)
    {
        int from = Math.Max(bin - distance, 0);
        int to = Math.Min(bin + distance + 1, probabilities.Length);
        return TensorPrimitives.Sum<float>(probabilities.AsSpan(from, to - from));
    }

    /// <summary>The mean of the bins, weighted by their probabilities.</summary>
    public double ExpectedBin
    {
        get
        {
            double sum = 0;
            for (int bin = 0; bin < probabilities.Length; bin++) sum += bin * (double)probabilities[bin];
            return sum / Mass;
        }
    }
}
