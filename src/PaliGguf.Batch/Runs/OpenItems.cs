using PaliGguf.Batch.Journals;
using PaliGguf.Batch.Results;
using PaliGguf.Batch.Sources;

namespace PaliGguf.Batch.Runs;

/// <summary>The items of a source that are still to be answered, each id once.</summary>
/// <param name="source">The source.</param>
/// <param name="done">What is done.</param>
internal sealed class OpenItems(IWorkSource source, DoneItems done)
{
    /// <summary>What is asked again; null where all is asked that is not done.</summary>
    public (FailedQuestions Failed, IReadOnlyList<Question> Usual)? Again { get; init; }

    /// <summary>How many items are looked at, at most, done or not.</summary>
    public long Limit { get; init; } = long.MaxValue;

    /// <summary>How many items of those that are asked again were found.</summary>
    public long Found { get; private set; }

    /// <summary>Lists them, in the order of the source.</summary>
    public IEnumerable<WorkItem> Items(CancellationToken cancellationToken)
    {
        using KeySet? seen = source.MayRepeat ? new KeySet() : null;
        if (seen is not null && Again is null) done.ShareWith(seen);
        Dictionary<string, long> repeats = new(StringComparer.Ordinal);
        long left = Limit;
        foreach (WorkItem listed in source.Items(cancellationToken))
        {
            if (left-- == 0) yield break;
            WorkItem? item = seen is null || seen.Add(ItemKey.Of(listed.Id)) ? listed : Repeated(listed, repeats);
            if (Again is { } again)
            {
                item = again.Failed.Again(item, again.Usual);
                if (item is null) continue;
                Found++;
            }

            if (!done.Contains(ItemKey.Of(item.Id))) yield return item;
        }
    }

    // It has an id of its own, under which it fails in every run.
    private static WorkItem Repeated(WorkItem item, Dictionary<string, long> repeats)
    {
        long occurrence = repeats[item.Id] = repeats.GetValueOrDefault(item.Id, 1) + 1;
        return item with
        {
            Id = FormattableString.Invariant($"{item.Id} (occurrence {occurrence})"),
            Problem = $"an earlier picture has the id '{item.Id}' already.",
        };
    }
}
