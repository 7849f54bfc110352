namespace PaliGguf.Evaluation.Metrics.Objects;

/// <summary>All objects of one category, and how the detections overlap with them.</summary>
internal sealed class CategoryMatches<TShape>
    where TShape : ICocoShape<TShape>
{
    /// <summary>The most detections of a category that count in a picture.</summary>
    public const int MostDetections = 100;

    private readonly Picture[] _pictures;

    private CategoryMatches(IEnumerable<Picture> pictures) => _pictures = [.. pictures];

    /// <summary>The categories that have objects.</summary>
    public static List<CategoryMatches<TShape>> Of(
        IReadOnlyList<AnnotatedObject<TShape>> annotated, IReadOnlyList<DetectedObject<TShape>> detected)
    {
        ILookup<(long Category, long Picture), AnnotatedObject<TShape>> truths = annotated.ToLookup(item => (item.Category, item.Picture));
        ILookup<(long Category, long Picture), DetectedObject<TShape>> found = detected.ToLookup(item => (item.Category, item.Picture));
        return
        [
            .. truths.Select(group => group.Key).Concat(found.Select(group => group.Key)).Distinct()
                .GroupBy(key => key.Category).OrderBy(group => group.Key)
                .Select(group => new CategoryMatches<TShape>(
                    group.OrderBy(key => key.Picture).Select(key => new Picture([.. truths[key]], found[key])))),
        ];
    }

    /// <summary>Precision and recall of objects of some sizes; null without such an object.</summary>
    /// <param name="areas">Which objects count, both ends included.</param>
    /// <param name="most">The most detections of a picture, the best ones.</param>
    public PrecisionRecall? Curve((double From, double To) areas, int most)
    {
        int objects = _pictures.Sum(picture => picture.Truths.Count(truth => !IsIgnored(truth, areas)));
        if (objects == 0) return null;
        List<(double Score, Match[] Matches)> all = [];
        foreach (Picture picture in _pictures)
        {
            Match[][] matches = [.. PrecisionRecall.Thresholds.Select(threshold => picture.Assign(threshold, areas))];
            for (int i = 0; i < Math.Min(most, picture.Detections.Length); i++)
            {
                all.Add((picture.Detections[i].Score, [.. matches.Select(each => each[i])]));
            }
        }

        return new PrecisionRecall([.. all.OrderByDescending(item => item.Score).Select(item => item.Matches)], objects);
    }

    private static bool IsIgnored(AnnotatedObject<TShape> truth, (double From, double To) areas) =>
        truth.IsCrowd || IsOutside(truth.Area, areas);

    private static bool IsOutside(double area, (double From, double To) areas) => area < areas.From || area > areas.To;

    private sealed class Picture
    {
        private readonly double[][] _overlaps;

        public Picture(AnnotatedObject<TShape>[] truths, IEnumerable<DetectedObject<TShape>> detections)
        {
            Truths = truths;
            Detections = [.. detections.OrderByDescending(item => item.Score).Take(MostDetections)];
            _overlaps = [.. Detections.Select(item => truths.Select(truth => item.Shape.Overlap(truth.Shape, truth.IsCrowd)).ToArray())];
        }

        public AnnotatedObject<TShape>[] Truths { get; }

        // The best first.
        public DetectedObject<TShape>[] Detections { get; }

        // What becomes of each detection.
        public Match[] Assign(double threshold, (double From, double To) areas)
        {
            const double AlmostOne = 1 - 1e-10;
            int[] order = [.. Enumerable.Range(0, Truths.Length).OrderBy(i => IsIgnored(Truths[i], areas))];
            int counted = order.Count(i => !IsIgnored(Truths[i], areas));
            bool[] taken = new bool[Truths.Length];
            Match[] matches = new Match[Detections.Length];
            for (int i = 0; i < matches.Length; i++)
            {
                int? best = Best(_overlaps[i], order.AsSpan(0, counted), taken, Math.Min(threshold, AlmostOne));
                bool ignored = best is null;
                best ??= Best(_overlaps[i], order.AsSpan(counted), taken, Math.Min(threshold, AlmostOne));
                if (best is { } place) taken[place] = true;
                matches[i] = best is null
                    ? IsOutside(Detections[i].Shape.Area, areas) ? Match.Ignored : Match.None
                    : ignored ? Match.Ignored : Match.Found;
            }

            return matches;
        }

        // The free object with the largest overlap, of equal ones the last. A crowd is always free.
        private int? Best(double[] overlaps, ReadOnlySpan<int> places, bool[] taken, double least)
        {
            int? best = null;
            foreach (int place in places)
            {
                if ((taken[place] && !Truths[place].IsCrowd) || overlaps[place] < least) continue;
                least = overlaps[place];
                best = place;
            }

            return best;
        }
    }
}

/// <summary>What becomes of a detection.</summary>
internal enum Match
{
    /// <summary>It is wrong.</summary>
    None,

    /// <summary>It is right.</summary>
    Found,

    /// <summary>It counts neither way.</summary>
    Ignored,
}
