using System.Collections.Immutable;

namespace PaliGguf.Tasks.Masks;

/// <summary>The algorithm of Ramer, Douglas and Peucker for closed outlines.</summary>
internal static class OutlineSimplification
{
    /// <summary>The corners that are needed for no dropped one to lie farther than the tolerance from the outline.</summary>
    /// <returns>Two or more corners, in their order.</returns>
    public static ImmutableArray<MaskPoint> Simplify(ImmutableArray<MaskPoint> outline, double tolerance)
    {
        if (outline.Length < 3) return outline;
        int opposite = Farthest(outline, 0, outline.Length, out _);
        bool[] kept = new bool[outline.Length];
        kept[0] = kept[opposite] = true;
        Stack<(int From, int To)> parts = new([(0, opposite), (opposite, outline.Length)]);
        while (parts.TryPop(out (int From, int To) part))
        {
            int farthest = Farthest(outline, part.From, part.To, out double distance);
            if (distance <= tolerance) continue;
            kept[farthest] = true;
            parts.Push((part.From, farthest));
            parts.Push((farthest, part.To));
        }

        return [.. outline.Where((_, index) => kept[index])];
    }

    /// <summary>The corner between two others that lies farthest from the line between these; the corner after the last one is the first.</summary>
    private static int Farthest(ImmutableArray<MaskPoint> outline, int from, int to, out double distance)
    {
        MaskPoint start = outline[from];
        MaskPoint end = outline[to % outline.Length];
        int farthest = from;
        distance = -1;
        for (int index = from + 1; index < to; index++)
        {
            double candidate = Distance(outline[index], start, end);
            if (candidate <= distance) continue;
            distance = candidate;
            farthest = index;
        }

        return farthest;
    }

    private static double Distance(MaskPoint point, MaskPoint start, MaskPoint end)
    {
        double alongX = end.X - start.X;
        double alongY = end.Y - start.Y;
        double squared = (alongX * alongX) + (alongY * alongY);
        double position = squared == 0 ? 0 : Math.Clamp((((point.X - start.X) * alongX) + ((point.Y - start.Y) * alongY)) / squared, 0, 1);
        return double.Hypot(point.X - start.X - (position * alongX), point.Y - start.Y - (position * alongY));
    }
}
