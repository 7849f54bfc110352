using PaliGguf.Evaluation.Datasets;
using PaliGguf.Evaluation.Metrics.Objects;

namespace PaliGguf.Evaluation.Scoring;

/// <summary>Lays the objects of an answer beside those that were expected.</summary>
internal static class ObjectPairs
{
    /// <summary>For each expected object its overlap with the box that it goes with: pairs of one label, those that overlap most first.</summary>
    public static double[] BoxOverlaps(ObjectSheet.Row row)
    {
        double[] best = new double[row.Expected.Count];
        HashSet<int> expectedTaken = [];
        HashSet<int> foundTaken = [];
        foreach ((double overlap, int expected, int found) in Pairs(row).OrderByDescending(pair => pair.Overlap))
        {
            if (expectedTaken.Contains(expected) || !foundTaken.Add(found)) continue;
            expectedTaken.Add(expected);
            best[expected] = overlap;
        }

        return best;
    }

    /// <summary>For each expected object the overlap of its mask with that of the box that lies best on it; 0 without any.</summary>
    public static double[] MaskOverlaps(ObjectSheet.Row row, Func<ObjectSheet.FoundObject, CocoMask> mask)
    {
        CocoMask?[] masks = new CocoMask?[row.Found.Count];
        double[] overlaps = new double[row.Expected.Count];
        foreach (IGrouping<int, (double Overlap, int Expected, int Found)> group in Pairs(row).GroupBy(pair => pair.Expected))
        {
            int found = group.MaxBy(pair => pair.Overlap).Found;
            CocoMask truth = new(row.Expected[group.Key].Mask!.ToRuns());
            overlaps[group.Key] = (masks[found] ??= mask(row.Found[found])).Overlap(truth, isCrowd: false);
        }

        return overlaps;
    }

    private static IEnumerable<(double Overlap, int Expected, int Found)> Pairs(ObjectSheet.Row row) =>
        from one in row.Expected.Index()
        from other in row.Found.Index()
        where Same(one.Item, other.Item)
        select (other.Item.Box.Overlap(one.Item.Box, isCrowd: false), one.Index, other.Index);

    private static bool Same(ExpectedObject expected, ObjectSheet.FoundObject found) =>
        expected.Label.Equals(found.Label, StringComparison.OrdinalIgnoreCase);
}
