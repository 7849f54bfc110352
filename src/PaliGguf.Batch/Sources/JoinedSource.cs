namespace PaliGguf.Batch.Sources;

/// <summary>Several sources one after the other. One that can not be read on is an item that fails, and the next one goes on.</summary>
/// <param name="sources">The sources, with what they are called.</param>
internal sealed class JoinedSource(IReadOnlyList<(string Name, IWorkSource Source)> sources) : IWorkSource
{
    public bool MayRepeat { get; } = sources.Any(source => source.Source.MayRepeat) || HaveTwins(sources);

    public long? Count(CancellationToken cancellationToken = default)
    {
        long sum = 0;
        foreach ((_, IWorkSource source) in sources)
        {
            try
            {
                if (source.Count(cancellationToken) is not { } count) return null;
                sum += count;
            }
            catch (PaliException)
            {
                // What can not be read is one item that fails.
                sum++;
            }
        }

        return sum;
    }

    public IEnumerable<WorkItem> Items(CancellationToken cancellationToken = default) =>
        sources.SelectMany(source => Items(source.Name, source.Source, cancellationToken));

    private static IEnumerable<WorkItem> Items(string name, IWorkSource source, CancellationToken cancellationToken)
    {
        using IEnumerator<WorkItem> items = source.Items(cancellationToken).GetEnumerator();
        while (true)
        {
            WorkItem item;
            bool ended = false;
            try
            {
                if (!items.MoveNext()) yield break;
                item = items.Current;
            }
            catch (PaliException e)
            {
                item = WorkItem.Broken(name, name, e.Message);
                ended = true;
            }

            yield return item;
            if (ended) yield break;
        }
    }

    private static bool HaveTwins(IReadOnlyList<(string Name, IWorkSource Source)> sources) =>
        sources.DistinctBy(source => source.Name, StringComparer.Ordinal).Count() < sources.Count;
}
