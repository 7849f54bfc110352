using PaliGguf.Evaluation.Metrics.Bert;

namespace PaliGguf.Evaluation.Tests.Metrics.Bert;

public sealed class BertScoreTests
{
    private static readonly BertText Text = new([2, 7, 8, 3], [[1, 0, 0], [0, 2, 0], [0, 0, 3], [1, 1, 1]]);

    [Fact]
    public void A_text_is_as_close_to_itself_as_can_be() => Assert.Equal(1, BertScore.Of(Text, Text).F, 6);

    [Fact]
    public void A_text_without_tokens_scores_0() =>
        Assert.Equal(default, BertScore.Of(Text, new BertText([2, 3], [[1, 0, 0], [0, 1, 0]])));

    [Fact]
    public void Where_all_weights_are_0_the_score_is_0() =>
        Assert.Equal(default, BertScore.Of(Text, Text, new TokenWeights([Text.Tokens])));

    [Fact]
    public void The_best_of_several_references_is_taken_for_each_value_by_itself()
    {
        BertText half = new([2, 7, 3], [[1, 0, 0], [0, 1, 0], [1, 0, 0]]);
        BertScore one = BertScore.Of(half, Text);
        Assert.Equal((1, true), (one.Precision, one.Recall < 1));
        BertScore both = BertScore.OfBest(half, [Text, new BertText([2, 9, 3], [[0, 1, 0], [0, 1, 0], [0, 1, 0]])]);
        Assert.Equal(1, both.Recall, 6);
    }

    [Fact]
    public void Vectors_that_do_not_belong_together_are_an_error()
    {
        Assert.Throws<ArgumentException>(() => new BertText([2, 3], [[1, 0]]));
        Assert.Throws<ArgumentException>(() => new BertText([2, 3], [[1, 0], [1]]));
        Assert.Throws<ArgumentException>(() => new BertText([2], [[1, 0]]));
        Assert.Throws<ArgumentException>(() => BertScore.Of(Text, new BertText([2, 3], [[1, 0], [0, 1]])));
        Assert.Throws<ArgumentException>(() => BertScore.OfBest(Text, []));
    }
}
