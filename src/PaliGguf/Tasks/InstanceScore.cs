namespace PaliGguf.Tasks;

/// <summary>One number for what the probabilities of an answer's tokens say about an instance.</summary>
internal static class InstanceScore
{
    public static float Of(InstanceEvidence evidence)
    {
        double box = evidence.Box.Aggregate(1.0, (product, near) => product * near);
        return (float)Math.Clamp(evidence.Existence * evidence.Label * Math.Pow(box, 1.0 / evidence.Box.Length), 0, 1);
    }
}
