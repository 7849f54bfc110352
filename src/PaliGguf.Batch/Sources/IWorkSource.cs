namespace PaliGguf.Batch.Sources;

/// <summary>Where pictures come from, listed one after the other: it may be millions of them.</summary>
public interface IWorkSource
{
    /// <summary>
    /// The items, in an order that stays the same while the source does. What is wrong with a single one is told by that item.
    /// </summary>
    /// <exception cref="PaliException">Thrown while they are listed: the source can not be read on.</exception>
    IEnumerable<WorkItem> Items(CancellationToken cancellationToken = default);

    /// <summary>How many items there are; null where that is only known at the end.</summary>
    /// <exception cref="PaliException">The source can not be read.</exception>
    long? Count(CancellationToken cancellationToken = default);

    /// <summary>Whether an id may be given to several items.</summary>
    bool MayRepeat { get; }
}
