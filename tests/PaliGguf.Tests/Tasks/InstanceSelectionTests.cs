using PaliGguf.Tasks;

namespace PaliGguf.Tests.Tasks;

public sealed class InstanceSelectionTests
{
    private static readonly FoundInstance[] Found =
    [
        Instance("cat", 0.5f, 0, 100),
        Instance("cat", 0.9f, 10, 110),
        Instance("dog", 0.7f, 0, 100),
        Instance("cat", 0.7f, 500, 600),
    ];

    [Fact]
    public void The_surest_comes_first_and_equals_stay_in_the_order_of_the_answer() =>
        Assert.Equal([Found[1], Found[2], Found[3], Found[0]], InstanceSelection.Apply(Found, new DetectionOptions()));

    [Fact]
    public void The_lowest_score_is_still_wanted() =>
        Assert.Equal([Found[1], Found[2], Found[3]], InstanceSelection.Apply(Found, new DetectionOptions { MinScore = 0.7f }));

    [Fact]
    public void Of_boxes_on_one_thing_the_surest_stays_and_other_labels_do_not_matter() =>
        Assert.Equal([Found[1], Found[2], Found[3]], InstanceSelection.Apply(Found, new DetectionOptions { NonMaximumSuppression = 0.5f }));

    [Fact]
    public void Boxes_may_overlap_up_to_the_limit() =>
        Assert.Equal(4, InstanceSelection.Apply(Found, new DetectionOptions { NonMaximumSuppression = 0.9f }).Count());

    [Theory]
    [InlineData(-0.1f, null, 1)]
    [InlineData(1.1f, null, 1)]
    [InlineData(float.NaN, null, 1)]
    [InlineData(0f, -1f, 1)]
    [InlineData(0f, float.NaN, 1)]
    [InlineData(0f, null, 0)]
    public void Options_out_of_range_are_refused(float score, float? overlap, int tokens) =>
        Assert.Throws<ArgumentException>(() => new DetectionOptions { MinScore = score, NonMaximumSuppression = overlap, MaxTokens = tokens }.Validate());

    private static FoundInstance Instance(string label, float score, int left, int right) => new(new AnsweredInstance(label, [0, left, 100, right], [], 0, 0), score, 0..4);
}
