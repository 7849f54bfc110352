using PaliGguf.Evaluation.Datasets;
using PaliGguf.Evaluation.Scoring;
using PaliGguf.Evaluation.Tests.Encoders;

namespace PaliGguf.Evaluation.Tests.Scoring;

public sealed class AnswerMetricsTests
{
    private static readonly ExpectedAnswer[] Two =
        [new("1", ["a red cat on a mat"], Type: null, IsSimple: null), new("2", ["two dogs", "dogs"], Type: null, IsSimple: null)];

    [Fact]
    public void Answers_lie_in_the_order_of_what_was_expected()
    {
        AnswerSheet sheet = AnswerSheet.Create(Answers(("2", "b"), ("1", "a")), Two);
        Assert.Equal(["a", "b"], sheet.Predictions);
    }

    [Fact]
    public void Answers_and_references_must_belong_together()
    {
        Assert.Contains("the first is '2'", Assert.Throws<PaliException>(() => AnswerSheet.Create(Answers(("1", "a")), Two)).Message);
        Assert.Contains("the first to '3'", Assert.Throws<PaliException>(() => AnswerSheet.Create(Answers(("3", "a")), Two)).Message);
        Assert.Equal(["a"], AnswerSheet.Create(Answers(("1", "a")), Two, partial: true).Predictions);
    }

    [Fact]
    public void Every_metric_scores_what_goes_with_it()
    {
        ExpectedAnswer[] questions = [.. Enumerable.Range(0, 3).Select(i => new ExpectedAnswer($"{i}", ["yes"], "comp", IsSimple: true))];
        ExpectedAnswer[] ten = [.. questions.Select(item => item with { References = [.. Enumerable.Repeat("yes", 10)] })];
        Dictionary<string, GivenAnswer> answers = Answers(("0", "yes"), ("1", "yes"), ("2", "no"));
        string[] ofObjects = ["refcoco", "boxes", "masks", "ap-boxes", "ap-masks"];
        foreach (string name in AnswerMetrics.Names.Select(metric => metric.Name).Except(ofObjects).Except(["things"]))
        {
            IReadOnlyList<MetricValue> values = AnswerMetrics.Score(
                name, AnswerSheet.Create(answers, name == "vqa" ? ten : questions), new MetricOptions { Bert = new BertOptions(BertModels.Path) });
            Assert.NotEmpty(values);
            Assert.Distinct(values.Select(value => value.Name));
            Assert.All(values, value => Assert.InRange(value.Value, 0, 100));
            Assert.All(values, value => Assert.Equal(value.Value, value.Resampled!.Of([1, 1, 1]), 1e-9));
            foreach (MetricValue mean in values.Where(value => value.Each is not null))
            {
                Assert.Equal(3, mean.Each!.Count);
                Assert.Equal(mean.Value, mean.Each.Average()!.Value, 12);
            }
        }

        Assert.Equal(2.0 / 3, AnswerMetrics.Score("exact", AnswerSheet.Create(answers, questions))[0].Value, 12);
    }

    [Fact]
    public void Types_that_begin_alike_have_a_value_together()
    {
        ExpectedAnswer[] items = [new("1", ["a"], "ocr"), new("2", ["b"], "question, count"), new("3", ["c"], "question, count"),
            new("4", ["d"], "question, where")];
        AnswerSheet sheet = AnswerSheet.Create(Answers(("1", "x"), ("2", "b"), ("3", "c"), ("4", "x")), items);
        Assert.Equal(
            ["exact match: 0.5", "exact match, ocr: 0", "exact match, question: 0.67", "exact match, question, count: 1",
                "exact match, question, where: 0"],
            AnswerMetrics.Score("exact", sheet).Select(value => FormattableString.Invariant($"{value.Name}: {value.Value:0.##}")));
    }

    [Fact]
    public void A_mean_of_types_is_resampled_type_by_type()
    {
        ExpectedAnswer[] items = [new("1", ["yes"], "comp"), new("2", ["yes"], "comp"), new("3", ["yes"], "presence")];
        AnswerSheet sheet = AnswerSheet.Create(Answers(("1", "yes"), ("2", "no"), ("3", "yes")), items);
        foreach ((int[] counts, int[] places) in new[] { ((int[])[2, 1, 1], (int[])[0, 0, 1, 2]), ([0, 3, 0], [1, 1, 1]) })
        {
            MetricValue mean = AnswerMetrics.Score("rsvqa", sheet).Single(value => value.Name == "mean of types");
            MetricValue again = AnswerMetrics.Score("rsvqa", sheet.Take(places)).Single(value => value.Name == "mean of types");
            Assert.Equal(again.Value, mean.Resampled!.Of(counts), 1e-12);
        }

        ExpectedAnswer[] more = [.. items, new("4", ["yes"], "count")];
        MetricValue some = AnswerMetrics.Score("rsvqa", AnswerSheet.Create(Answers(("1", "yes"), ("2", "no"), ("3", "yes"), ("4", "yes")), more))
            .Single(value => value.Name == "mean of comp, presence");
        Assert.Equal(0.75, some.Resampled!.Of([1, 1, 1, 0]), 1e-12);
        Assert.True(double.IsNaN(some.Resampled.Of([0, 0, 0, 4])));
    }

    [Fact]
    public void A_value_of_some_answers_leaves_the_others_out()
    {
        ExpectedAnswer[] questions =
            [new("1", ["one"], Type: null, IsSimple: true), new("2", ["2"], Type: null, IsSimple: false), new("3", ["3"])];
        AnswerSheet sheet = AnswerSheet.Create(Answers(("1", "1"), ("2", "3"), ("3", "3")), questions);
        IReadOnlyList<MetricValue> values = AnswerMetrics.Score("tallyqa", sheet);
        Assert.Equal(["accuracy", "accuracy, simple", "accuracy, complex"], values.Select(value => value.Name));
        Assert.Equal([1, 0, 1], values[0].Each);
        Assert.Equal([1, null, null], values[1].Each);
        Assert.Equal([null, 0, null], values[2].Each);
    }

    [Fact]
    public void Some_answers_can_be_taken_several_times()
    {
        AnswerSheet sheet = AnswerSheet.Create(Answers(("1", "a red cat on a mat"), ("2", "b")), Two).Take([1, 0, 0, 0]);
        Assert.Equal(0.75, AnswerMetrics.Score("exact", sheet).Single().Value, 12);
        Assert.Equal(["2", "1", "1", "1"], sheet.Expected.Select(item => item.Id));
    }

    [Fact]
    public void Things_are_counted_in_singular_and_plural()
    {
        ExpectedAnswer[] captions =
        [
            new("1", ["two red cars, a bus and a dog on a red background"]), new("2", ["a text on a pink background"]),
            new("3", ["two buses and a butterfly"]),
        ];
        Dictionary<string, GivenAnswer> answers =
            Answers(("1", "a car and two buses"), ("2", "a dog"), ("3", "three butterflies and a bus"));
        MetricValue value = AnswerMetrics.Score("things", AnswerSheet.Create(answers, captions)).Single();
        // One car and one bus of four and three; one butterfly and one bus of three and four.
        Assert.Equal([4.0 / 7, null, 4.0 / 7], value.Each);
        Assert.Equal(4.0 / 7, value.Value, 12);
    }

    [Fact]
    public void Characters_count_where_they_stand()
    {
        ExpectedAnswer[] texts = [new("1", ["STOP"]), new("2", ["12"]), new("3", [""])];
        AnswerSheet sheet = AnswerSheet.Create(Answers(("1", "SOTP"), ("2", "123"), ("3", "")), texts);
        Assert.Equal([0.5, 2.0 / 3, 1], AnswerMetrics.Score("characters", sheet).Single().Each);
    }

    [Fact]
    public void Every_task_has_metrics_that_there_are() =>
        Assert.Empty(EvaluationTask.All.SelectMany(task => task.MetricsWithBert).Except(AnswerMetrics.Names.Select(metric => metric.Name)));

    [Fact]
    public void What_does_not_go_together_is_an_error()
    {
        AnswerSheet sheet = AnswerSheet.Create(Answers(("1", "a"), ("2", "b")), Two);
        Assert.Contains("no metric 'cidre'", Assert.Throws<PaliException>(() => AnswerMetrics.Score("cidre", sheet)).Message);
        Assert.Contains("has 1 answers", Assert.Throws<PaliException>(() => AnswerMetrics.Score("vqa", sheet)).Message);
        Assert.Contains("'2' has 2 references", Assert.Throws<PaliException>(() => AnswerMetrics.Score("relaxed", sheet)).Message);
        Assert.Contains("'question_type'", Assert.Throws<PaliException>(() => AnswerMetrics.Score("rsvqa", sheet)).Message);
        Assert.Contains("--bert", Assert.Throws<PaliException>(() => AnswerMetrics.Score("bertscore", sheet)).Message);
        Assert.Contains("no task 'coco'", Assert.Throws<PaliException>(() => EvaluationTask.Find("coco")).Message);
    }

    private static Dictionary<string, GivenAnswer> Answers(params (string Id, string Answer)[] answers) =>
        answers.ToDictionary(pair => pair.Id, pair => new GivenAnswer(pair.Answer));
}
