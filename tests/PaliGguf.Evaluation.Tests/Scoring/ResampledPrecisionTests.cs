using PaliGguf.Evaluation.Metrics.Objects;
using PaliGguf.Evaluation.Scoring;
using PaliGguf.Evaluation.Statistics;

namespace PaliGguf.Evaluation.Tests.Scoring;

/// <summary>Numbers of resamples against those of the resamples scored again.</summary>
public sealed class ResampledPrecisionTests
{
    private const int Pictures = 30;
    private const int Categories = 4;

    private static readonly AnnotatedObject<CocoBox>[] Truths = [.. Annotate(new Random(1))];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_resample_is_worth_what_its_pictures_are(int seed)
    {
        Random random = new(seed);
        DetectedObject<CocoBox>[] found = [.. Detect(random)];
        int[] counts = [.. Enumerable.Range(0, Pictures).Select(_ => random.Next(4))];
        Equal(
            AveragePrecision.Score<CocoBox>(
                [.. Truths.SelectMany(truth => Copies(truth.Picture).Select(copy => truth with { Picture = copy }))],
                [.. found.SelectMany(item => Copies(item.Picture).Select(copy => item with { Picture = copy }))]),
            score => score.Of(counts), Sample(found));

        IEnumerable<long> Copies(long picture) => Enumerable.Range(0, counts[picture]).Select(copy => (picture * 10) + copy);
    }

    [Theory]
    [InlineData(4, false)]
    [InlineData(5, false)]
    [InlineData(6, true)]
    public void Pictures_may_have_the_answers_of_another_run(int seed, bool ties)
    {
        Random random = new(seed);
        DetectedObject<CocoBox>[] ours = [.. Detect(random, ties)];
        DetectedObject<CocoBox>[] theirs = [.. Detect(random, ties)];
        bool[] swapped = [.. Enumerable.Range(0, Pictures).Select(_ => random.Next(2) == 0)];
        PrecisionSample other = Sample(theirs);
        AveragePrecisionScore mixed = AveragePrecision.Score(
            Truths, [.. ours.Where(item => !swapped[item.Picture]), .. theirs.Where(item => swapped[item.Picture])]);
        PrecisionSample sample = Sample(ours);
        Assert.Equal(Values(mixed), PrecisionMeasure.All.Select(measure =>
            Number(new ResampledPrecision(sample, measure).Of(new ResampledPrecision(other, measure), swapped))));
    }

    [Fact]
    public void A_resample_without_an_object_has_no_value() => Assert.All(PrecisionMeasure.All, measure =>
        Assert.True(double.IsNaN(new ResampledPrecision(Sample([.. Detect(new Random(7))]), measure).Of(new int[Pictures]))));

    [Fact]
    public void Only_the_same_score_of_another_run_can_be_mixed_in()
    {
        ResampledPrecision score = new(Sample([]), PrecisionMeasure.All[0]);
        Assert.Throws<ArgumentException>(() => score.Of(new ResampledPrecision(Sample([]), PrecisionMeasure.All[1]), [true]));
        Assert.Throws<ArgumentException>(() => score.Of(ScoreSums.Mean([1]), [true]));
        Assert.Throws<ArgumentException>(() => ScoreSums.Mean([1]).Of(score, [true]));
    }

    private static void Equal(AveragePrecisionScore expected, Func<IResampledScore, double> actual, PrecisionSample sample) => Assert.All(
        Values(expected).Zip(PrecisionMeasure.All),
        pair => Assert.Equal(pair.First ?? double.NaN, actual(new ResampledPrecision(sample, pair.Second)), 1e-12));

    private static double?[] Values(AveragePrecisionScore score) =>
    [
        score.Precision, score.Precision50, score.Precision75, score.PrecisionOfSmall, score.PrecisionOfMedium, score.PrecisionOfLarge,
        score.Recall1, score.Recall10, score.Recall100, score.RecallOfSmall, score.RecallOfMedium, score.RecallOfLarge,
    ];

    private static double? Number(double value) => double.IsNaN(value) ? null : value;

    private static PrecisionSample Sample(DetectedObject<CocoBox>[] found) => PrecisionSample.Of(Truths, found, CancellationToken.None);

    private static IEnumerable<AnnotatedObject<CocoBox>> Annotate(Random random) =>
        from picture in Enumerable.Range(0, Pictures)
        from _ in Enumerable.Range(0, random.Next(6))
        let box = new CocoBox(random.Next(200), random.Next(200), 5 + random.Next(150), 5 + random.Next(150))
        select new AnnotatedObject<CocoBox>(picture, random.Next(Categories), box, box.Area, random.Next(8) == 0);

    // Most lie near an object, some twice, some in a category that has none.
    private static IEnumerable<DetectedObject<CocoBox>> Detect(Random random, bool ties = false) =>
        from truth in Truths.Concat(Truths.Where(_ => random.Next(4) == 0))
        let box = new CocoBox(
            truth.Shape.X + random.Next(20), truth.Shape.Y + random.Next(20), truth.Shape.Width + random.Next(9), truth.Shape.Height)
        select new DetectedObject<CocoBox>(
            truth.Picture, random.Next(9) == 0 ? random.Next(Categories + 1) : truth.Category, box, ties ? random.Next(3) : random.NextDouble());
}
