using PaliGguf.Evaluation.Metrics.Answers;

namespace PaliGguf.Evaluation.Tests.Metrics.Answers;

public sealed class AnswerMetricsTests
{
    [Fact]
    public void Vqa_accuracy_is_a_mean_over_ten_people()
    {
        string[] nine = [.. Enumerable.Repeat("red", 9)];
        Assert.Contains("Prediction 0 has 9 answers", Assert.Throws<ArgumentException>(() => VqaAccuracy.Score(["red"], [nine])).Message);
        Assert.Equal(1, VqaAccuracy.Score(["red"], [[.. nine, "blue"]]).Score, 12);
    }

    [Theory]
    [InlineData("hadnt've", "hadn't've")]
    [InlineData("y'alld've", "y'all'd've")]
    [InlineData("ow's'at", "'ow's'at")]
    [InlineData("twas", "'twas")]
    [InlineData("somebody'd", "somebodyd")]
    [InlineData("Im", "im")]
    public void A_contraction_is_written_in_one_way(string written, string meant) =>
        Assert.Equal(meant, VqaNormalization.Normalize(written));

    [Fact]
    public void A_type_of_question_that_RSVQA_does_not_have_is_an_error() => Assert.Contains(
        "no questions of type 'colour'", Assert.Throws<ArgumentException>(() => Rsvqa.Score(["a"], [["a"]], ["colour"])).Message);

    [Fact]
    public void RSVQA_has_a_mean_only_of_the_types_that_occur()
    {
        RsvqaScore score = Rsvqa.Score(["a", "b"], [["a"], ["c"]], ["comp", "presence"]);
        Assert.Equal(0.5, score.HighResolution);
        Assert.Null(score.LowResolution);
    }

    [Fact]
    public void A_count_above_fifteen_is_in_no_bucket()
    {
        TallyScore score = TallyQa.Score(["twenty", "2"], ["20", "two"]);
        Assert.Equal(1, score.Score);
        Assert.Equal([2], score.ByCount.Keys);
        Assert.Null(score.Simple);
    }

    [Fact]
    public void An_expression_to_ignore_that_is_none_is_an_error() => Assert.Contains(
        "'(' is no regular expression",
        Assert.Throws<ArgumentException>(() => ExactMatch.Score(["a"], ["a"], new ExactMatchOptions { Ignored = ["("] })).Message);

    [Fact]
    public void Nothing_to_score_is_an_error()
    {
        Assert.Throws<ArgumentException>(() => ExactMatch.Score([], []));
        Assert.Throws<ArgumentException>(() => RelaxedAccuracy.Score(["1"], []));
        Assert.Throws<ArgumentException>(() => Anls.Score(["1"], [[]]));
        Assert.Throws<ArgumentException>(() => AnswerAccuracy.Score([], []));
    }
}
