using PaliGguf.Evaluation.Metrics.Captions;

namespace PaliGguf.Evaluation.Tests.Metrics.Captions;

public sealed class CiderTests
{
    private static readonly string[] Predictions = ["a cat sleeps on a mat", "two dogs run on the beach", "a red bus in a street"];
    private static readonly string[][] References =
        [["a cat is asleep on a mat", "the cat sleeps"], ["dogs run on a beach"],
        ["a bus", "the red bus in the street", "a bus on a street"]];

    [Fact]
    public void A_caption_that_is_the_only_reference_scores_10()
    {
        string[] captions = ["a cat sleeps on the mat", "two dogs run near some water"];
        Assert.Equal([10, 10], Cider.Score(captions, [.. captions.Select(caption => new[] { caption })])
            .PerPicture.Select(score => Math.Round(score, 9)));
    }

    [Fact]
    public void Each_picture_s_score_does_not_depend_on_the_order_of_pictures()
    {
        IReadOnlyList<double> forward = Cider.Score(Predictions, References).PerPicture;
        IReadOnlyList<double> backward = Cider.Score([.. Predictions.Reverse()], [.. References.Reverse()]).PerPicture;
        Assert.All(forward.Zip(backward.Reverse()), pair => Assert.Equal(pair.First, pair.Second, 12));
    }

    [Fact]
    public void The_score_is_the_mean_over_the_pictures()
    {
        CaptionScore score = Cider.Score(Predictions, References);
        Assert.Equal(score.PerPicture.Average(), score.Score, 12);
    }

    [Fact]
    public void Nothing_to_score_is_an_error() =>
        Assert.Contains("no prediction", Assert.Throws<ArgumentException>(() => Cider.Score([], [])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_picture_without_references_is_an_error() =>
        Assert.Contains("Prediction 1 has no reference", Assert.Throws<ArgumentException>(() => Cider.Score(["a", "b"], [["a"], []]))
            .Message, StringComparison.Ordinal);

    [Fact]
    public void References_of_another_number_of_pictures_are_an_error() =>
        Assert.Contains("2 predictions but references for 1", Assert.Throws<ArgumentException>(() => Cider.Score(["a", "b"], [["a"]]))
            .Message, StringComparison.Ordinal);

    [Fact]
    public void A_cancelled_call_ends() =>
        Assert.ThrowsAny<OperationCanceledException>(() => Cider.Score(Predictions, References, new CancellationToken(canceled: true)));
}
