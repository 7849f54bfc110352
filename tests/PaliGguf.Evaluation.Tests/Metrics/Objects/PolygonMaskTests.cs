using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Evaluation.Metrics.Objects;

namespace PaliGguf.Evaluation.Tests.Metrics.Objects;

public sealed class PolygonMaskTests
{
    [Fact]
    public void A_rectangle_of_whole_pixels_covers_them()
    {
        Gen<int> side = Gen.Choose(-4, 24);
        Prop.ForAll(side.Four().ToArbitrary(), corners =>
        {
            (int a, int b, int c, int d) = corners;
            (int left, int right, int top, int bottom) = (Math.Min(a, b), Math.Max(a, b), Math.Min(c, d), Math.Max(c, d));
            int width = Math.Clamp(right, 0, 20) - Math.Clamp(left, 0, 20);
            int height = Math.Clamp(bottom, 0, 16) - Math.Clamp(top, 0, 16);
            double[] clockwise = [left, top, right, top, right, bottom, left, bottom];
            double[] counter = [left, top, left, bottom, right, bottom, right, top];
            return PolygonMask.Fill(20, 16, [clockwise]).Area == width * height
                && PolygonMask.Fill(20, 16, [counter]).Area == width * height;
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("1 2 3 4")]
    [InlineData("1 2 3 4 5 6 7")]
    [InlineData("1 2 3 4 5 NaN")]
    [InlineData("1 2 3 4 5 Infinity")]
    [InlineData("0 0 1e9 0 0 1")]
    public void What_is_no_polygon_is_an_error(string numbers)
    {
        double[] polygon = [.. numbers.Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
        Assert.Throws<ArgumentException>(() => PolygonMask.Fill(8, 8, [polygon]));
    }

    [Fact]
    public void No_polygon_is_an_error() => Assert.Throws<ArgumentException>(() => PolygonMask.Fill(8, 8, []));
}
