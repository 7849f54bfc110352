using PaliGguf.Tasks;

namespace PaliGguf.Tests.Tasks;

public sealed class NormalizedBoxTests
{
    private static readonly NormalizedBox Half = new(0, 0, 1, 0.5f);

    [Fact]
    public void Bins_0_and_1023_are_the_sides_of_the_picture()
    {
        NormalizedBox whole = NormalizedBox.FromBins(0, 0, 1023, 1023);
        Assert.Equal(new NormalizedBox(0, 0, 1, 1), whole);
        Assert.Equal(new PixelBox(0, 0, 640, 480), whole.ToPixels(640, 480));
    }

    [Fact]
    public void Intersection_over_union_is_a_ratio_of_areas()
    {
        Assert.Equal(1, Half.IntersectionOverUnion(Half));
        Assert.Equal(0.5f, Half.IntersectionOverUnion(new NormalizedBox(0, 0, 1, 1)));
        Assert.Equal(1 / 3f, Half.IntersectionOverUnion(new NormalizedBox(0, 0.25f, 1, 0.75f)), 1e-6f);
        Assert.Equal(0, Half.IntersectionOverUnion(new NormalizedBox(0, 0.5f, 1, 1)));
        Assert.Equal(0, Half.IntersectionOverUnion(new NormalizedBox(0, 0.8f, 1, 1)));
        Assert.Equal(0, new NormalizedBox(0, 0, 0, 0).IntersectionOverUnion(new NormalizedBox(0, 0, 0, 0)));
    }
}
