using PaliGguf.Tasks.Masks;

namespace PaliGguf.Evaluation.Metrics.Objects;

/// <summary>Masks as runs, combined without a bitmap. All results are those of COCO's tools.</summary>
public static class RunLengths
{
    /// <summary>The pixels inside any of some masks.</summary>
    /// <param name="masks">At least one, all of the same size.</param>
    /// <exception cref="ArgumentException">There is no mask, or they differ in size.</exception>
    public static RunLengthMask Union(IReadOnlyList<RunLengthMask> masks) => Merge(masks, (one, other) => one || other);

    /// <summary>The pixels inside all of some masks.</summary>
    /// <inheritdoc cref="Union" path="/param|/exception"/>
    public static RunLengthMask Intersection(IReadOnlyList<RunLengthMask> masks) => Merge(masks, (one, other) => one && other);

    /// <summary>How many pixels are inside both of two masks of the same size.</summary>
    internal static long Common(RunLengthMask one, RunLengthMask other)
    {
        long common = 0;
        foreach ((long length, bool inOne, bool inOther) in Together(one, other)) common += inOne && inOther ? length : 0;
        return common;
    }

    /// <summary>The smallest box around a mask; all 0 for an empty one.</summary>
    internal static CocoBox Bounds(RunLengthMask mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        long left = long.MaxValue, top = long.MaxValue, right = -1, bottom = -1, start = 0;
        for (int i = 0; i < mask.Runs.Length; i++)
        {
            long end = start + mask.Runs[i];
            if (i % 2 == 1 && end > start)
            {
                (long firstColumn, long firstRow) = Math.DivRem(start, mask.Height);
                (long lastColumn, long lastRow) = Math.DivRem(end - 1, mask.Height);
                bool wraps = firstColumn != lastColumn;
                left = Math.Min(left, firstColumn);
                right = Math.Max(right, lastColumn);
                top = Math.Min(top, wraps ? 0 : firstRow);
                bottom = Math.Max(bottom, wraps ? mask.Height - 1 : lastRow);
            }

            start = end;
        }

        return right < 0 ? default : new CocoBox(left, top, right - left + 1, bottom - top + 1);
    }

    private static RunLengthMask Merge(IReadOnlyList<RunLengthMask> masks, Func<bool, bool, bool> rule)
    {
        ArgumentNullException.ThrowIfNull(masks);
        if (masks.Count == 0) throw new ArgumentException("There is no mask.", nameof(masks));
        if (masks.Any(mask => (mask.Width, mask.Height) != (masks[0].Width, masks[0].Height)))
        {
            throw new ArgumentException("The masks are of pictures of different size.", nameof(masks));
        }

        // In pairs: a large mask is gone through a few times, however many small ones there are.
        while (masks.Count > 1) masks = [.. masks.Chunk(2).Select(pair => pair is [var one, var other] ? Merge(one, other, rule) : pair[0])];
        return masks[0];
    }

    private static RunLengthMask Merge(RunLengthMask one, RunLengthMask other, Func<bool, bool, bool> rule)
    {
        List<long> runs = [];
        bool inside = false;
        long run = 0;
        foreach ((long length, bool inOne, bool inOther) in Together(one, other))
        {
            if (rule(inOne, inOther) != inside)
            {
                runs.Add(run);
                (run, inside) = (0, !inside);
            }

            run += length;
        }

        runs.Add(run);
        return RunLengthMask.FromRuns(one.Width, one.Height, runs);
    }

    // The picture in pieces on which neither mask changes.
    private static IEnumerable<(long Length, bool InOne, bool InOther)> Together(RunLengthMask one, RunLengthMask other)
    {
        int i = -1, j = -1;
        long leftOfOne = 0, leftOfOther = 0;
        while (true)
        {
            while (leftOfOne == 0 && ++i < one.Runs.Length) leftOfOne = one.Runs[i];
            while (leftOfOther == 0 && ++j < other.Runs.Length) leftOfOther = other.Runs[j];
            long length = Math.Min(leftOfOne, leftOfOther);
            if (length == 0) yield break;
            yield return (length, i % 2 == 1, j % 2 == 1);
            leftOfOne -= length;
            leftOfOther -= length;
        }
    }
}
