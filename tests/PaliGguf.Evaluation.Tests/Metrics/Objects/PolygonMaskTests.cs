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

    [Fact]
    public void The_mask_is_that_of_a_walk_along_the_sides_in_fifths_of_a_pixel()
    {
        Gen<double> coordinate = Gen.Choose(-150, 400).Select(tenths => tenths / 10.0);
        Prop.ForAll(Gen.Choose(3, 7).SelectMany(corners => coordinate.ArrayOf(2 * corners)).ToArbitrary(), polygon =>
            PolygonMask.Fill(20, 16, [polygon]).ToBitmap().Pixels.SequenceEqual(Walk(20, 16, polygon))).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_polygon_far_larger_than_the_picture_is_filled_where_the_picture_is() =>
        Assert.Equal(177, PolygonMask.Fill(16, 12, [[0, 0, 4e6, 20, 4e6, 2e7]]).Area);

    [Fact]
    public void More_polygons_than_any_picture_has_are_an_error()
    {
        double[] half = [0, 0, 10_000, 0, 10_000, 10_000];
        Assert.Equal(49_995_000, PolygonMask.Fill(10_000, 10_000, [half, half]).Area);
        Assert.Throws<ArgumentException>(() => PolygonMask.Fill(10_000, 10_000, [.. Enumerable.Repeat(half, 2_000)]));
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

    // COCO's tools: points a fifth of a pixel apart, of which two on either side of a column's middle turn the column from there on.
    private static byte[] Walk(int width, int height, double[] polygon)
    {
        (int X, int Y)[] corners = [.. polygon.Chunk(2).Select(corner => ((int)((5 * corner[0]) + 0.5), (int)((5 * corner[1]) + 0.5)))];
        List<(int X, int Y)> walk = [.. corners.Select((corner, i) => Side(corner, corners[(i + 1) % corners.Length])).SelectMany(side => side)];
        byte[] turns = new byte[width * height];
        foreach (((int X, int Y) one, (int X, int Y) other) in walk.Zip(walk.Skip(1)))
        {
            int middle = Math.Min(one.X, other.X);
            if (one.X == other.X || middle < 0 || middle % 5 != 2 || middle / 5 >= width) continue;
            int turn = (middle / 5 * height) + Math.Min(height, (int)Math.Ceiling(Math.Max(0, Math.Min(one.Y, other.Y) - 2) / 5.0));
            if (turn < turns.Length) turns[turn] ^= 1;
        }

        byte[] pixels = new byte[turns.Length];
        byte inside = 0;
        for (int i = 0; i < turns.Length; i++) pixels[(i % height * width) + (i / height)] = inside ^= turns[i];
        return pixels;
    }

    private static IEnumerable<(int X, int Y)> Side((int X, int Y) from, (int X, int Y) to)
    {
        (int width, int height) = (to.X - from.X, to.Y - from.Y);
        bool flat = Math.Abs(width) >= Math.Abs(height);
        if (flat ? width < 0 : height < 0) return Side(to, from).Reverse();
        int steps = flat ? width : height;
        double slope = steps == 0 ? 0 : (double)(flat ? height : width) / steps;
        return Enumerable.Range(0, steps + 1).Select(i => flat
            ? (from.X + i, (int)(from.Y + (slope * i) + 0.5))
            : ((int)(from.X + (slope * i) + 0.5), from.Y + i));
    }
}
