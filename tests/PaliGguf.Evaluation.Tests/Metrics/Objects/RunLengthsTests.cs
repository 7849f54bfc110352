using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Evaluation.Metrics.Objects;
using PaliGguf.Tasks.Masks;

namespace PaliGguf.Evaluation.Tests.Metrics.Objects;

public sealed class RunLengthsTests
{
    private const int Width = 5;
    private const int Height = 4;

    private static readonly Arbitrary<MaskBitmap> Bitmaps = Gen.Choose(0, 1).ArrayOf(Width * Height)
        .Select(pixels => MaskBitmap.FromPixels(Width, Height, [.. pixels.Select(pixel => (byte)pixel)])).ToArbitrary();

    [Fact]
    public void Combined_runs_are_those_of_combined_bitmaps() => Prop.ForAll(Bitmaps, Bitmaps, (one, other) =>
    {
        RunLengthMask[] masks = [one.ToRunLengths(), other.ToRunLengths()];
        return RunLengths.Union(masks).ToCounts() == Combine(one, other, (a, b) => a | b).ToCounts()
            && RunLengths.Intersection(masks).ToCounts() == Combine(one, other, (a, b) => a & b).ToCounts()
            && RunLengths.Common(masks[0], masks[1]) == Combine(one, other, (a, b) => a & b).Area;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Bounds_are_the_smallest_box() => Prop.ForAll(Bitmaps, mask =>
    {
        (int X, int Y)[] inside =
            [.. Enumerable.Range(0, Width * Height).Select(i => (X: i % Width, Y: i / Width)).Where(pixel => mask[pixel.X, pixel.Y])];
        CocoBox expected = inside.Length == 0
            ? default
            : new CocoBox(
                inside.Min(pixel => pixel.X), inside.Min(pixel => pixel.Y), inside.Max(pixel => pixel.X) - inside.Min(pixel => pixel.X) + 1,
                inside.Max(pixel => pixel.Y) - inside.Min(pixel => pixel.Y) + 1);
        return new CocoMask(mask.ToRunLengths()).Bounds == expected;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Runs_of_no_length_do_not_matter()
    {
        RunLengthMask one = RunLengthMask.FromRuns(4, 1, [1, 1, 0, 0, 0, 1, 1]);
        RunLengthMask other = RunLengthMask.FromRuns(4, 1, [0, 0, 0, 4]);
        Assert.Equal(2, RunLengths.Common(one, other));
        Assert.Equal(new CocoBox(1, 0, 2, 1), new CocoMask(one).Bounds);
        Assert.Equal("04", RunLengths.Union([one, other]).ToCounts());
    }

    [Fact]
    public void Masks_of_different_pictures_do_not_compare()
    {
        RunLengthMask small = RunLengthMask.FromRuns(2, 2, [0, 4]);
        RunLengthMask large = RunLengthMask.FromRuns(4, 1, [0, 4]);
        Assert.Throws<ArgumentException>(() => new CocoMask(small).Overlap(new CocoMask(large), isCrowd: false));
        Assert.Throws<ArgumentException>(() => RunLengths.Union([small, large]));
        Assert.Throws<ArgumentException>(() => RunLengths.Union([]));
    }

    private static RunLengthMask Combine(MaskBitmap one, MaskBitmap other, Func<int, int, int> rule)
    {
        byte[] pixels = [.. one.Pixels.ToArray().Zip(other.Pixels.ToArray(), (a, b) => (byte)rule(a, b))];
        return MaskBitmap.FromPixels(Width, Height, pixels).ToRunLengths();
    }
}
