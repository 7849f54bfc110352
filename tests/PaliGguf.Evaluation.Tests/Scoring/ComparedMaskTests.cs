using PaliGguf.Evaluation.Metrics.Objects;
using PaliGguf.Evaluation.Scoring;
using PaliGguf.Tasks.Masks;

namespace PaliGguf.Evaluation.Tests.Scoring;

public sealed class ComparedMaskTests
{
    private readonly FilledMasks _filled = new();
    private int _fills;

    [Fact]
    public void A_mask_is_filled_when_it_is_compared_and_once_where_there_is_room()
    {
        (ComparedMask one, ComparedMask same) = (Striped(8), Striped(8));
        Assert.Equal(0, _fills);
        Assert.Equal(1, one.Overlap(same, isCrowd: false));
        Assert.Equal(1, same.Overlap(one, isCrowd: true));
        Assert.Equal((8, 8), (one.Area, same.Area));
        Assert.Equal(2, _fills);
    }

    [Fact]
    public void Only_so_many_stay_filled_and_the_others_are_filled_again()
    {
        int half = (int)(FilledMasks.MostRuns / 4);
        ComparedMask[] masks = [.. Enumerable.Range(0, 3).Select(_ => Striped(half))];
        foreach (ComparedMask mask in masks) Assert.Equal(half, mask.Area);
        Assert.Equal([true, false, false], masks.Select(mask => mask.Kept is null));
        Assert.Equal(1, masks[0].Overlap(masks[1], isCrowd: false));
        Assert.Equal(half, masks[2].Area);
        Assert.Equal(5, _fills);
        ComparedMask large = Striped(3 * half);
        Assert.Equal(3 * half, large.Area);
        Assert.All(masks.Append(large), mask => Assert.Null(mask.Kept));
    }

    // Every other row.
    private ComparedMask Striped(int stripes) => new(
        () =>
        {
            _fills++;
            return new CocoMask(RunLengthMask.FromRuns(1, 2 * stripes, Enumerable.Repeat(1L, 2 * stripes)));
        },
        _filled);
}
