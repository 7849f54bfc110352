using PaliGguf.Evaluation.Datasets;
using PaliGguf.Evaluation.Journals;
using PaliGguf.Evaluation.Reports;
using PaliGguf.Evaluation.Scoring;
using PaliGguf.Evaluation.Statistics;

namespace PaliGguf.Evaluation.Tests.Reports;

public sealed class ReportMakingTests
{
    private const int Items = 40;

    private static readonly string[] Words =
        ["a red cat on a mat", "two dogs run fast", "a bird in the blue sky", "three boats lie at sea"];

    private static readonly EvaluationItem[] Captions = [.. Enumerable.Range(0, Items).Select(i => Item($"{i}", Words[i % Words.Length]))];

    private static readonly string[] OfCaptions =
        ["cider", "coco-bleu", "coco-rouge", "meteor", "sacrebleu", "hf-bleu", "nltk-bleu", "rouge", "exact"];

    [Fact]
    public void A_value_of_sums_is_that_of_the_resample_scored_again()
    {
        AnswerSheet sheet = AnswerSheet.Create(
            Right(20).Entries.Values.ToDictionary(each => each.Id, each => each.Given()), [.. Captions.Select(item => item.Expected)]);
        int[] counts = [.. Enumerable.Range(0, Items).Select(i => (i * 7) % 3)];
        AnswerSheet resample = sheet.Take([.. counts.Index().SelectMany(pair => Enumerable.Repeat(pair.Index, pair.Item))]);
        // The weights of CIDEr are those of the whole data set, which a resample has not.
        foreach (string name in OfCaptions.Except(["cider"]))
        {
            Assert.All(AnswerMetrics.Score(name, sheet).Zip(AnswerMetrics.Score(name, resample)), pair =>
                Assert.Equal(pair.Second.Value, pair.First.Resampled!.Of(counts), 1e-9));
        }
    }

    [Fact]
    public void Every_value_lies_in_its_interval()
    {
        EvaluationReport report = ReportMaking.Make(Captions, Right(20), against: null, OfCaptions);
        Assert.Equal((Items, 0, (ReportedRun?)null), (report.Answers, report.Run.Failures, report.Against));
        Assert.All(report.Values.Where(value => value.Value is > 0.01 and < 0.99 or > 1), value =>
        {
            Interval interval = value.Interval!.Value;
            Assert.True(interval.Low < value.Value && value.Value < interval.High, $"{value}");
            Assert.Null(value.Against);
        });
    }

    [Fact]
    public void A_run_does_not_differ_from_itself()
    {
        EvaluationReport report = ReportMaking.Make(Captions, Right(20), Right(20) with { Name = "again" }, OfCaptions);
        Assert.All(report.Values, value =>
        {
            Assert.Equal((0, 1, false), (value.Against!.Difference, value.Against.P, value.Against.IsSignificant));
            Assert.Equal(new Interval(0, 0), value.Against.DifferenceInterval);
            Assert.Equal(value.Interval, value.Against.Interval);
        });
        Assert.Empty(report.Losses);
        Assert.Empty(report.Gains);
        Assert.Empty(report.Differences);
    }

    [Fact]
    public void A_run_that_is_right_more_often_is_significantly_better()
    {
        EvaluationReport report = ReportMaking.Make(Captions, Right(36), Right(12) with { Name = "less" }, OfCaptions);
        Assert.All(report.Values, value =>
        {
            ValueComparison against = value.Against!;
            Assert.True(against.IsSignificant && against.Difference > 0, $"{value}");
            Assert.True(against.DifferenceInterval!.Value.Low > 0, $"{value}");
        });
        Assert.Equal(ReportMaking.Make(Captions, Right(12), Right(36), ["exact"]).Values[0].Against!.P, report.Values[^1].Against!.P);
        Assert.Equal(20, report.Gains.Count);
        Assert.All(report.Gains, answer => Assert.True(answer.Score > answer.OtherScore));
        Assert.Empty(report.Losses);
    }

    [Fact]
    public void Average_precision_has_intervals_and_tests_too()
    {
        EvaluationItem[] items = [.. Enumerable.Range(0, 12).Select(i => Item($"{i}", Box(100, 600)))];
        ReportRun right = Run("right", items.Select(item => new JournalEntry(item.Id, "detect cat") { Answer = Box(100, 600) }));
        ReportRun shifted = Run("shifted", items.Select(item => new JournalEntry(item.Id, "detect cat") { Answer = Box(250, 750) }));
        ReportedValue itself = ReportMaking.Make(items, right, right, ["ap-boxes"]).Values[0];
        Assert.Equal(("box AP", 1, 1), (itself.Name, Math.Round(itself.Value, 9), itself.Against!.P));
        ReportedValue other = ReportMaking.Make(items, right, shifted, ["ap-boxes"]).Values[0];
        Assert.True(other.Against!.IsSignificant);
        Assert.Equal(itself.Interval, other.Interval);
        EvaluationReport boxes = ReportMaking.Make(items, right, shifted, ["boxes"]);
        Assert.All(boxes.Values.Where(value => value.Name.Contains("IoU", StringComparison.Ordinal)), value =>
            Assert.True(value.Against!.IsSignificant));
    }

    [Fact]
    public void Only_items_that_both_have_answered_are_compared()
    {
        ReportRun failed = Run("failed", Right(40).Entries.Values.Select(entry =>
            entry.Id == "3" ? new JournalEntry("3", entry.Prompt) { Failure = "no picture" } : entry).Where(entry => entry.Id != "4"));
        EvaluationReport report = ReportMaking.Make(Captions, Right(40), failed, ["exact"]);
        Assert.Equal((Items - 2, 0, 1), (report.Answers, report.Run.Failures, report.Against!.Failures));
    }

    [Fact]
    public void What_runs_differ_in_is_told_and_must_not_be_the_task()
    {
        ReportRun other = Right(20) with { Header = Header("b", "text") };
        Assert.Contains(ReportMaking.Make(Captions, Right(20), other, ["exact"]).Differences, line =>
            line.StartsWith("model:", StringComparison.Ordinal));
        PaliException different = Assert.Throws<PaliException>(
            () => ReportMaking.Make(Captions, Right(20), other with { Header = Header("b", "gqa") }, ["exact"]));
        Assert.Contains("'text' and 'gqa'", different.Message);
        Assert.Contains("none has an answer",
            Assert.Throws<PaliException>(() => ReportMaking.Make([Item("x", "y")], other, null, ["exact"])).Message);
    }

    [Fact]
    public void The_worst_and_the_best_are_shown_and_none_twice()
    {
        EvaluationReport report = ReportMaking.Make(Captions, Right(30), null, ["exact"]);
        Assert.Equal(("exact match", 20, 20), (report.Ordering, report.Worst.Count, report.Best.Count));
        Assert.Equal(Enumerable.Repeat(0.0, 10), report.Worst.Take(10).Select(answer => answer.Score));
        Assert.All(report.Best, answer => Assert.Equal(1, answer.Score));
        Assert.Distinct(report.Worst.Concat(report.Best).Select(answer => answer.Item.Id));
        Assert.Equal(3, ReportMaking.Make(Captions[..3], Right(2), null, ["exact"]) is var few ? few.Worst.Count + few.Best.Count : 0);
    }

    [Fact]
    public void Answers_are_grouped_by_their_length()
    {
        EvaluationReport report = ReportMaking.Make(Captions, Right(20), Right(40), ["exact"]);
        Assert.InRange(report.Lengths.Count, 2, 8);
        Assert.Equal(Items, report.Lengths.Sum(group => group.Answers));
        Assert.Equal(Items, report.OtherLengths.Sum(group => group.Answers));
        Assert.Equal(report.Lengths.Select(group => group.Shortest), report.OtherLengths.Select(group => group.Shortest));
        Assert.Equal(report.Values[0].Value, report.Lengths.Sum(group => group.Answers * (group.Mean ?? 0)) / Items, 12);
    }

    [Fact]
    public void Without_resamples_there_are_values_alone()
    {
        ReportedValue value = ReportMaking
            .Make(Captions, Right(20), Right(30), ["exact"], options: new ReportOptions { Resamples = 0 }).Values[0];
        Assert.Equal((0.5, 0.75, -0.25), (value.Value, value.Against!.Value, value.Against.Difference));
        Assert.Null(value.Interval);
        Assert.True(double.IsNaN(value.Against.P) && !value.Against.IsSignificant);
    }

    // The first so many answers are right, the others lack a word or are another item's.
    private static ReportRun Right(int right) => Run($"right {right}", Captions.Select((item, i) => new JournalEntry(item.Id, "caption en")
    {
        Answer = i < right ? item.Expected.References[0] : i % 2 == 0 ? "a red boat" : Words[(i + 1) % Words.Length],
        Tokens = 1 + (i % 13),
    }));

    private static ReportRun Run(string name, IEnumerable<JournalEntry> entries) =>
        new(name, Header("a", "text"), entries.ToDictionary(entry => entry.Id, StringComparer.Ordinal));

    private static JournalHeader Header(string model, string task) =>
        new(task, "captions.jsonl", new JournalModel(model, "1", "2"), [], new Dictionary<string, string>(StringComparer.Ordinal));

    private static EvaluationItem Item(string id, string reference) => new(
        new ExpectedAnswer(id, [reference]) { Size = new PictureSize(100, 100) }, new PictureFile("none.png"),
            $"captions.jsonl, line {id}");

    private static string Box(int low, int high) => $"<loc{low:0000}><loc{low:0000}><loc{high:0000}><loc{high:0000}> cat";
}
