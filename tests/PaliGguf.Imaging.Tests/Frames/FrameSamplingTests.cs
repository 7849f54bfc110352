using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Imaging.Frames;

namespace PaliGguf.Imaging.Tests.Frames;

public class FrameSamplingTests
{
    [Fact]
    public void The_first_frame_is_taken_and_then_every_ninth_of_144() =>
        Assert.Equal(Enumerable.Range(0, 16).Select(i => 9 * i), FrameSampling.Indices(144, 16));

    [Theory]
    [InlineData(1, new[] { 0 })]
    [InlineData(3, new[] { 0, 1, 2 })]
    [InlineData(4, new[] { 0, 1, 2, 3 })]
    [InlineData(5, new[] { 0, 1, 2, 3 })]
    [InlineData(6, new[] { 0, 1, 3, 4 })]
    [InlineData(8, new[] { 0, 2, 4, 6 })]
    public void Four_frames_of_few(int sourceFrames, int[] expected) => Assert.Equal(expected, FrameSampling.Indices(sourceFrames, 4));

    [Fact]
    public void Any_length_gives_different_frames_at_strides_that_differ_by_one_at_most() =>
        Prop.ForAll(Gen.Choose(1, int.MaxValue).Two().ToArbitrary(), pair =>
        {
            (int length, int count) = (pair.Item1, 1 + (pair.Item2 % 256));
            int[] indices = FrameSampling.Indices(length, count);
            int[] strides = indices.Zip(indices.Skip(1), (one, next) => next - one).ToArray();
            return indices.Length == Math.Min(length, count) && indices[0] == 0 && indices[^1] < length
                && (strides.Length == 0 || (strides.Min() > 0 && strides.Max() - strides.Min() <= 1));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Names_sort_as_people_expect()
    {
        string[] sorted = ["", "1.png", "2.png", "10.png", "010.png", "a", "A1", "a01", "a2", "a10b2", "a10b10", "b", "frame_99999999999999999999", "frame_100000000000000000000"];
        string[] shuffled = sorted.Reverse().ToArray();

        Array.Sort(shuffled, NaturalOrder.Instance);

        Assert.Equal(sorted.OrderBy(name => name, NaturalOrder.Instance), shuffled);
        Assert.Equal(["1.png", "2.png", "010.png", "10.png"], shuffled.Where(name => name.EndsWith(".png", StringComparison.Ordinal)));
        Assert.True(Array.IndexOf(shuffled, "a10b2") < Array.IndexOf(shuffled, "a10b10"));
        Assert.Equal("frame_100000000000000000000", shuffled[^1]);
    }
}
