namespace PaliGguf.Evaluation.Metrics.Objects;

/// <summary>All objects of one category, and how the detections overlap with them.</summary>
internal sealed class CategoryMatches<TShape>
    where TShape : ICocoShape<TShape>
{
    /// <summary>The most detections of a category that count in a picture.</summary>
    public const int MostDetections = 100;

    private readonly Picture[] _pictures;

    private CategoryMatches(IEnumerable<Picture> pictures) => _pictures = [.. pictures];

    /// <summary>The categories that have objects, in the order of their numbers.</summary>
    public static CategoryMatches<TShape>[] Of(
        IReadOnlyList<AnnotatedObject<TShape>> annotated, IReadOnlyList<DetectedObject<TShape>> detected, CancellationToken cancellationToken)
    {
        ILookup<(long Category, long Picture), AnnotatedObject<TShape>> truths = annotated.ToLookup(item => (item.Category, item.Picture));
        ILookup<(long Category, long Picture), DetectedObject<TShape>> found = detected.ToLookup(item => (item.Category, item.Picture));
        HashSet<long> known = [.. annotated.Select(item => item.Category)];
        return
        [
            .. truths.Select(group => group.Key).Concat(found.Select(group => group.Key)).Distinct()
                .Where(key => known.Contains(key.Category))
                .GroupBy(key => key.Category).OrderBy(group => group.Key)
                .Select(group => new CategoryMatches<TShape>(group.Select(key =>
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    return new Picture(key.Picture, [.. truths[key]], found[key]);
                }))),
        ];
    }

    /// <summary>The detections of all pictures, and what becomes of them where objects of some sizes count.</summary>
    /// <param name="areas">Which objects count, both ends included.</param>
    public RankedDetections Rank((double From, double To) areas) => new(
        _pictures.SelectMany(picture => picture.Assign(areas)),
        _pictures.Select(picture => (picture.Number, picture.Truths.Count(truth => !IsIgnored(truth, areas)))));

    private static bool IsIgnored(AnnotatedObject<TShape> truth, (double From, double To) areas) =>
        truth.IsCrowd || IsOutside(truth.Area, areas);

    private static bool IsOutside(double area, (double From, double To) areas) => area < areas.From || area > areas.To;

    private sealed class Picture
    {
        private const double AlmostOne = 1 - 1e-10;
        private const int AtOnce = 16;

        private readonly double[][] _overlaps;

        public Picture(long number, AnnotatedObject<TShape>[] truths, IEnumerable<DetectedObject<TShape>> detections)
        {
            Number = number;
            Truths = truths;
            Detections = [.. detections.OrderByDescending(item => item.Score).Take(MostDetections)];
            _overlaps = [.. Detections.Select(_ => new double[truths.Length])];
            // Some at a time, so that shapes which are made when they are compared need not be made for each pair.
            foreach ((AnnotatedObject<TShape> Truth, int Place)[] some in truths.Select((truth, place) => (truth, place)).Chunk(AtOnce))
            {
                foreach ((DetectedObject<TShape> item, double[] overlaps) in Detections.Zip(_overlaps))
                {
                    foreach ((AnnotatedObject<TShape> truth, int place) in some)
                        overlaps[place] = item.Shape.Overlap(truth.Shape, truth.IsCrowd);
                }
            }
        }

        public long Number { get; }

        public AnnotatedObject<TShape>[] Truths { get; }

        // The best first.
        public DetectedObject<TShape>[] Detections { get; }

        // What becomes of each detection.
        public IEnumerable<RankedDetection> Assign((double From, double To) areas)
        {
            int[] order = [.. Enumerable.Range(0, Truths.Length).OrderBy(i => IsIgnored(Truths[i], areas))];
            int counted = order.Count(i => !IsIgnored(Truths[i], areas));
            ushort[] found = new ushort[Detections.Length];
            ushort[] wrong = new ushort[Detections.Length];
            foreach ((int number, double threshold) in RankedDetections.Thresholds.Index())
            {
                Assign(Math.Min(threshold, AlmostOne), order, counted, areas, (ushort)(1 << number), found, wrong);
            }

            return Detections.Select((item, i) => new RankedDetection(item.Score, Number, i, found[i], wrong[i]));
        }

        private void Assign(
            double threshold, int[] order, int counted, (double From, double To) areas, ushort bit, ushort[] found, ushort[] wrong)
        {
            bool[] taken = new bool[Truths.Length];
            for (int i = 0; i < Detections.Length; i++)
            {
                int? best = Best(_overlaps[i], order.AsSpan(0, counted), taken, threshold);
                bool isCounted = best is not null;
                best ??= Best(_overlaps[i], order.AsSpan(counted), taken, threshold);
                if (best is { } place) taken[place] = true;
                if (isCounted) found[i] |= bit;
                else if (best is null && !IsOutside(Detections[i].Shape.Area, areas)) wrong[i] |= bit;
            }
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
