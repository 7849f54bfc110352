using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Evaluation.Metrics.Rouge;
using PaliGguf.Evaluation.Metrics.Tokenization;

namespace PaliGguf.Evaluation.Tests.Metrics.Rouge;

public sealed class GoogleRougeTests
{
    [Fact]
    public void The_best_reference_counts_for_each_kind_by_itself()
    {
        RougeScores scores = GoogleRouge.Score("a b c d", ["d c b a", "a b x y z"]);
        Assert.Equal(1, scores.Rouge1.F);
        Assert.Equal(2 * (1.0 / 3) * 0.25 / ((1.0 / 3) + 0.25), scores.Rouge2.F, 12);
    }

    [Fact]
    public void On_one_line_Lsum_is_L() => Prop.ForAll(Texts(" "), Texts(" "), (one, other) =>
    {
        RougeScores scores = GoogleRouge.Score(one, [other]);
        return scores.RougeL == scores.RougeLsum;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_more_is_shared_than_either_text_has() => Prop.ForAll(Texts(" ", "\n"), Texts(" ", "\n"), (one, other) =>
    {
        RougeScores scores = GoogleRouge.Score(one, [other]);
        return new[] { scores.Rouge1, scores.Rouge2, scores.RougeL, scores.RougeLsum }.All(score =>
            score is { Precision: <= 1, Recall: <= 1, F: <= 1 })
            && scores.RougeLsum.F <= scores.Rouge1.F + 1e-12;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Thai_needs_a_tokenizer()
    {
        const string Thai = "\u0E41\u0E21\u0E27 \u0E19\u0E2D\u0E19";
        Assert.Equal(0, GoogleRouge.Score(Thai, [Thai]).Rouge1.F);
        Assert.Equal(1, GoogleRouge.Score(Thai, [Thai], new RougeOptions { Tokenizer = WhiteSpaceTokenizer.Instance }).Rouge1.F);
    }

    [Fact]
    public void Lines_too_long_to_compare_are_an_error()
    {
        string line = string.Join(' ', Enumerable.Range(0, 20_000));
        ArgumentException failure = Assert.Throws<ArgumentException>(() => GoogleRouge.Score(line + "\n" + line, [line]));
        Assert.Contains("20000 words against one of 20000", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Scores_have_a_mean()
    {
        RougeScores mean = RougeScores.Mean(GoogleRouge.ScoreEach(["a", "b"], [["a"], ["c"]]));
        Assert.Equal(0.5, mean.Rouge1.F, 12);
        Assert.Throws<ArgumentException>(() => RougeScores.Mean([]));
    }

    private static Arbitrary<string> Texts(params string[] separators) =>
        (from words in Gen.Elements("a", "b", "c", "dog", "Dogs", "3").ListOf()
         from gaps in Gen.Elements(separators).ListOf(words.Count)
         select string.Concat(words.Zip(gaps, (word, gap) => word + gap))).ToArbitrary();
}
