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
    private const int Middle = Fine / 2;

    /// <summary>How often the sides of all polygons may cross columns: 52 polygons as wide as a picture of 10,000 columns do.</summary>
    private const int MostCrossings = 1 << 20;
    private const double LongestOutline = 1 << 28;

    /// <summary>Fills polygons; what is inside any of them is inside the mask.</summary>
    /// <param name="width">The picture's width in pixels, at least 1.</param>
    /// <param name="height">The picture's height in pixels, at least 1.</param>
    /// <param name="polygons">
    /// At least one, each x, y, x, y, ... of at least three corners, in pixels; they may lie outside the picture.
    /// </param>
    /// <exception cref="ArgumentException">
    /// There is no polygon, one has an odd number of coordinates, less than three corners, a coordinate that is no number, or sides that
    /// are far too long, or all together cross columns of pixels more than 1,048,576 times.
    /// </exception>
    public static RunLengthMask Fill(int width, int height, IReadOnlyList<IReadOnlyList<double>> polygons)
    {
        Check(width, height, polygons);
        return RunLengths.Union([.. polygons.Select(polygon => FillOne(width, height, polygon))]);
    }

    /// <summary>Checks polygons without filling them.</summary>
    /// <inheritdoc cref="Fill" path="/param|/exception"/>
    public static void Check(int width, int height, IReadOnlyList<IReadOnlyList<double>> polygons)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentNullException.ThrowIfNull(polygons);
        if (polygons.Count == 0) throw new ArgumentException("There is no polygon.");
        long crossings = polygons.Sum(polygon => Sides(Corners(polygon)).Sum(side => (long)Columns(side.One, side.Other, width).Count));
        if (crossings > MostCrossings)
        {
            throw new ArgumentException($"The polygons cross the picture's columns more than {MostCrossings} times.");
        }
    }

    private static RunLengthMask FillOne(int width, int height, IReadOnlyList<double> polygon)
    {
        List<long> crossings = [.. Sides(Corners(polygon)).SelectMany(side => Crossings(side.One, side.Other, width, height))];
        crossings.Sort();
        return RunLengthMask.FromRuns(width, height, Runs(crossings, (long)width * height));
    }

    private static (int X, int Y)[] Corners(IReadOnlyList<double> polygon)
    {
        if (polygon.Count % 2 != 0 || polygon.Count < 6)
        {
            throw new ArgumentException(
                $"A polygon has an x and a y for each of at least three corners, not {polygon.Count} numbers.");
        }

        double length = 0;
        for (int i = 0; i < polygon.Count; i++) length += Math.Abs(polygon[i] - polygon[(i + 2) % polygon.Count]);
        if (!(Fine * length <= LongestOutline) || polygon.Any(coordinate => Math.Abs(coordinate) > LongestOutline / Fine))
        {
            throw new ArgumentException("A polygon has a coordinate that is no number, or is far too large.");
        }

        return [.. Enumerable.Range(0, polygon.Count / 2).Select(i => (Round(Fine * polygon[2 * i]), Round(Fine * polygon[(2 * i) + 1])))];
    }

    private static IEnumerable<((int X, int Y) One, (int X, int Y) Other)> Sides((int X, int Y)[] corners) =>
        corners.Select((corner, i) => (corner, corners[(i + 1) % corners.Length]));

    // The columns of the picture whose middle lies beside a side, its left end included.
    private static (int First, int Count) Columns((int X, int Y) one, (int X, int Y) other, int width)
    {
        int first = FirstFrom(Math.Min(one.X, other.X));
        return (first, Math.Max(0, FirstFrom(Math.Max(one.X, other.X)) - first));

        int FirstFrom(int x) => Math.Clamp((x - Middle + Fine - 1) / Fine, 0, width);
    }

    // Of each column whose middle the chain from one corner to the next crosses, the number of the first pixel below, counted down the columns.
    // The chain is the same in either direction. Only what lies above, inside or below the picture is looked at, however long it is.
    private static IEnumerable<long> Crossings((int X, int Y) one, (int X, int Y) other, int width, int height)
    {
        bool flat = Math.Abs(other.X - one.X) >= Math.Abs(other.Y - one.Y);
        bool backwards = flat ? one.X > other.X : one.Y > other.Y;
        ((int X, int Y) start, (int X, int Y) end) = backwards ? (other, one) : (one, other);
        int steps = flat ? end.X - start.X : end.Y - start.Y;
        double slope = steps == 0 ? 0 : (double)(flat ? end.Y - start.Y : end.X - start.X) / steps;
        (int first, int count) = Columns(one, other, width);
        for (int column = first; column < first + count; column++)
        {
            int middle = (Fine * column) + Middle;
            int y = flat
                ? Math.Min(Round(start.Y + (slope * (middle - start.X))), Round(start.Y + (slope * (middle - start.X + 1))))
                : start.Y + FirstStepBeyond(middle, start.X, slope, steps) - 1;
            int row = Math.Max(0, y - Middle);
            yield return ((long)column * height) + Math.Min(height, (row + Fine - 1) / Fine);
        }
    }

    // The first step of a steep side on the other side of the line between a point and its right neighbour.
    private static int FirstStepBeyond(int x, int start, double slope, int steps)
    {
        int low = 1, high = steps;
        while (low < high)
        {
            int step = low + ((high - low) / 2);
            if (Round(start + (slope * step)) > x == slope > 0) high = step;
            else low = step + 1;
        }

        return low;
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
