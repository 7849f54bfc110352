namespace PaliGguf.Evaluation.Metrics.Objects;

/// <summary>A detection, and what becomes of it.</summary>
/// <param name="Score">How sure the model is.</param>
/// <param name="Picture">The picture's number.</param>
/// <param name="Place">Its place among the detections of its category in the picture, from 0 on, the best first.</param>
/// <param name="Found">A bit for each threshold of overlap at which it is right.</param>
/// <param name="Wrong">A bit for each at which it is wrong; it counts neither way at the others.</param>
internal readonly record struct RankedDetection(double Score, long Picture, int Place, ushort Found, ushort Wrong);

/// <summary>
/// The detections of one category in all pictures, the best first, beside the number of its objects of some sizes: all that precision and
/// recall are made of, of any resample of the pictures. Immutable.
/// </summary>
internal sealed class RankedDetections
{
    private readonly RankedDetection[] _ranking;
    private readonly (long Picture, int Count)[] _objects;

    /// <param name="detections">The detections, in any order; what counts at no threshold is left out.</param>
    /// <param name="objects">How many objects each picture has.</param>
    public RankedDetections(IEnumerable<RankedDetection> detections, IEnumerable<(long Picture, int Count)> objects)
    {
        _ranking = [.. detections.Where(detection => (detection.Found | detection.Wrong) != 0)
            .Order(Comparer<RankedDetection>.Create(Compare))];
        _objects = [.. objects.Where(each => each.Count > 0)];
    }

    /// <summary>0.5, 0.55, ... 0.95.</summary>
    public static double[] Thresholds { get; } = [.. Enumerable.Range(0, 10).Select(i => 0.5 + (i * ((0.95 - 0.5) / 9)))];

    /// <summary>The number of detections.</summary>
    public int Length => _ranking.Length;

    /// <summary>The number of objects.</summary>
    /// <param name="counts">How often each picture is there, by its number; empty for once.</param>
    public long Objects(ReadOnlySpan<int> counts)
    {
        long objects = 0;
        foreach ((long picture, int count) in _objects) objects += (long)Weight(counts, picture) * count;
        return objects;
    }

    /// <summary>The detections of a resample.</summary>
    /// <param name="counts">How often it holds each picture, by its number; empty for once.</param>
    /// <param name="drawn">Takes them.</param>
    /// <returns>Their number.</returns>
    public int Draw(ReadOnlySpan<int> counts, Span<DrawnDetection> drawn)
    {
        int length = 0;
        foreach (ref readonly RankedDetection detection in _ranking.AsSpan())
        {
            int weight = Weight(counts, detection.Picture);
            if (weight > 0) drawn[length++] = Drawn(detection, weight);
        }

        return length;
    }

    /// <summary>The detections where those of some pictures are another run's.</summary>
    /// <param name="other">The other run's.</param>
    /// <param name="swapped">Which pictures, by their numbers.</param>
    /// <param name="drawn">Takes them.</param>
    /// <returns>Their number.</returns>
    public int Draw(RankedDetections other, ReadOnlySpan<bool> swapped, Span<DrawnDetection> drawn)
    {
        ReadOnlySpan<RankedDetection> ours = _ranking;
        ReadOnlySpan<RankedDetection> theirs = other._ranking;
        int length = 0;
        while (true)
        {
            while (ours.Length > 0 && swapped[(int)ours[0].Picture]) ours = ours[1..];
            while (theirs.Length > 0 && !swapped[(int)theirs[0].Picture]) theirs = theirs[1..];
            if (ours.IsEmpty && theirs.IsEmpty) return length;
            bool isOurs = theirs.IsEmpty || (!ours.IsEmpty && Compare(ours[0], theirs[0]) < 0);
            drawn[length++] = Drawn(isOurs ? ours[0] : theirs[0], weight: 1);
            if (isOurs) ours = ours[1..];
            else theirs = theirs[1..];
        }
    }

    private static DrawnDetection Drawn(in RankedDetection detection, int weight) =>
        new(detection.Found, detection.Wrong, detection.Place, weight);

    private static int Weight(ReadOnlySpan<int> counts, long picture) => counts.IsEmpty ? 1 : counts[(int)picture];

    // Of equal scores that of the earlier picture counts as better.
    private static int Compare(RankedDetection one, RankedDetection other)
    {
        int order = other.Score.CompareTo(one.Score);
        if (order == 0) order = one.Picture.CompareTo(other.Picture);
        return order == 0 ? one.Place.CompareTo(other.Place) : order;
    }
}
