namespace PaliGguf.Tasks;

/// <summary>One number for what the probabilities of an answer's tokens say about an instance.</summary>
internal static class InstanceScore
{
    /// <summary>The probability that there is an instance here, that its box lies near the chosen one, and that it is called so.</summary>
    public static float Of(InstanceEvidence evidence) => (float)Math.Clamp(
        evidence.Existence * evidence.Label * evidence.Box.Aggregate(1.0, (product, near) => product * near), 0, 1);
}
