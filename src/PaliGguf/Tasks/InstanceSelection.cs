namespace PaliGguf.Tasks;

/// <summary>Orders instances, and leaves out those that are not wanted.</summary>
internal static class InstanceSelection
{
    /// <summary>Applies the options.</summary>
    /// <returns>Those with the highest score first; those with the same score in the order in which they came.</returns>
    public static IEnumerable<FoundInstance> Apply(IEnumerable<FoundInstance> found, DetectionOptions options)
    {
        IEnumerable<FoundInstance> ordered = found.Where(instance => instance.Score >= options.MinScore).OrderByDescending(instance => instance.Score);
        return options.NonMaximumSuppression is { } overlap ? Suppress(ordered, overlap) : ordered;
    }

    private static List<FoundInstance> Suppress(IEnumerable<FoundInstance> ordered, float overlap)
    {
        List<FoundInstance> kept = [];
        foreach (FoundInstance candidate in ordered)
        {
            if (!kept.Exists(better => better.Label == candidate.Label && better.Box.IntersectionOverUnion(candidate.Box) > overlap)) kept.Add(candidate);
        }

        return kept;
    }
}
