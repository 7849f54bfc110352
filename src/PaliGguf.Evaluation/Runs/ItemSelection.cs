using PaliGguf.Evaluation.Datasets;

namespace PaliGguf.Evaluation.Runs;

/// <summary>Takes some of a data set's items, for a quick look.</summary>
public static class ItemSelection
{
    /// <summary>Takes the first items, or a sample of all.</summary>
    /// <param name="items">The items.</param>
    /// <param name="limit">How many at most, at least 1.</param>
    /// <param name="seed">Draws them at random; a larger sample of the same seed holds the smaller one. Null for the first.</param>
    /// <returns>In the order of the data set.</returns>
    public static IReadOnlyList<EvaluationItem> Take(IReadOnlyList<EvaluationItem> items, int limit, int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        if (limit >= items.Count) return items;
        if (seed is not { } number) return [.. items.Take(limit)];
        int[] order = [.. Enumerable.Range(0, items.Count)];
        new Random(number).Shuffle(order);
        return [.. order.Take(limit).Order().Select(place => items[place])];
    }
}
