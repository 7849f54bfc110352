using PaliGguf.Tasks.Masks;

namespace PaliGguf.Evaluation.Metrics.Objects;

/// <summary>Fills the polygons of COCO's annotations.</summary>
/// <remarks>
/// As COCO's tools do it: corners are rounded to fifths of a pixel, sides drawn as chains of such points, and where a chain crosses the
/// middle of a column of pixels the column changes from outside to inside or back. The right and the lower edge are outside.
/// </remarks>
public static class PolygonMask
{
    private const int Fine = 5;
    private const double LongestOutline = 1 << 28;

    /// <summary>Fills polygons; what is inside any of them is inside the mask.</summary>
    /// <param name="width">The picture's width in pixels, at least 1.</param>
    /// <param name="height">The picture's height in pixels, at least 1.</param>
    /// <param name="polygons">
    /// At least one, each x, y, x, y, ... of at least three corners, in pixels; they may lie outside the picture.
    /// </param>
    /// <exception cref="ArgumentException">
    /// There is no polygon, one has an odd number of coordinates, less than three corners, a coordinate that is no number, or sides that
    /// are far too long.
    /// </exception>
    public static RunLengthMask Fill(int width, int height, IReadOnlyList<IReadOnlyList<double>> polygons)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentNullException.ThrowIfNull(polygons);
        return RunLengths.Union([.. polygons.Select(polygon => Fill(width, height, polygon))]);
    }

    private static RunLengthMask Fill(int width, int height, IReadOnlyList<double> polygon)
    {
        (int X, int Y)[] corners = Corners(polygon);
        List<long> crossings = [];
        (int X, int Y) last = default;
        bool first = true;
        for (int i = 0; i < corners.Length; i++)
        {
            foreach ((int X, int Y) point in Side(corners[i], corners[(i + 1) % corners.Length]))
            {
                if (!first && point.X != last.X && Crossing(last, point, width, height) is { } crossing) crossings.Add(crossing);
                last = point;
                first = false;
            }
        }

        crossings.Sort();
        return RunLengthMask.FromRuns(width, height, Runs(crossings, (long)width * height));
    }

    private static (int X, int Y)[] Corners(IReadOnlyList<double> polygon)
    {
        if (polygon.Count % 2 != 0 || polygon.Count < 6)
        {
            throw new ArgumentException(
                $"A polygon has an x and a y for each of at least three corners, not {polygon.Count} numbers.", nameof(polygon));
        }

        double length = 0;
        for (int i = 0; i < polygon.Count; i++) length += Math.Abs(polygon[i] - polygon[(i + 2) % polygon.Count]);
        if (!(Fine * length <= LongestOutline) || polygon.Any(coordinate => Math.Abs(coordinate) > LongestOutline / Fine))
        {
            throw new ArgumentException("A polygon has a coordinate that is no number, or is far too large.", nameof(polygon));
        }

        return [.. Enumerable.Range(0, polygon.Count / 2).Select(i => (Round(Fine * polygon[2 * i]), Round(Fine * polygon[(2 * i) + 1])))];
    }

    // The chain of points from one corner to the next, both included; the same points in either direction.
    private static IEnumerable<(int X, int Y)> Side((int X, int Y) from, (int X, int Y) to)
    {
        int width = Math.Abs(to.X - from.X);
        int height = Math.Abs(to.Y - from.Y);
        bool flat = width >= height;
        int steps = flat ? width : height;
        bool backwards = flat ? from.X > to.X : from.Y > to.Y;
        (int X, int Y) start = backwards ? to : from;
        (int X, int Y) end = backwards ? from : to;
        double slope = steps == 0 ? 0 : (double)(flat ? end.Y - start.Y : end.X - start.X) / steps;
        for (int i = 0; i <= steps; i++)
        {
            int step = backwards ? steps - i : i;
            yield return flat
                ? (start.X + step, Round(start.Y + (slope * step)))
                : (Round(start.X + (slope * step)), start.Y + step);
        }
    }

    // The number of the first pixel below the chain in the column whose middle it crosses, counted down the columns.
    private static long? Crossing((int X, int Y) one, (int X, int Y) other, int width, int height)
    {
        const int Middle = Fine / 2;
        int fine = Math.Min(one.X, other.X) - Middle;
        if (fine < 0 || fine % Fine != 0 || fine / Fine >= width) return null;
        int row = Math.Max(0, Math.Min(one.Y, other.Y) - Middle);
        return ((long)(fine / Fine) * height) + Math.Min(height, (row + Fine - 1) / Fine);
    }

    private static IEnumerable<long> Runs(List<long> crossings, long pixels)
    {
        long start = 0;
        bool inside = false;
        for (int i = 0; i < crossings.Count;)
        {
            int next = i;
            while (next < crossings.Count && crossings[next] == crossings[i]) next++;
            if ((next - i) % 2 == 1 && crossings[i] < pixels)
            {
                yield return crossings[i] - start;
                start = crossings[i];
                inside = !inside;
            }

            i = next;
        }

        if (pixels > start || inside) yield return pixels - start;
    }

    private static int Round(double value) => (int)(value + 0.5);
}
