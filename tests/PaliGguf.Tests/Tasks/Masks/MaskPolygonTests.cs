using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Tasks.Masks;

namespace PaliGguf.Tests.Tasks.Masks;

public sealed class MaskPolygonTests
{
    [Fact]
    public void A_rectangle_has_four_corners_clockwise()
    {
        MaskPolygon polygon = Assert.Single(Draw("....", ".##.", ".##.").ToPolygons(0));
        Assert.Equal<MaskPoint>([new(3, 1), new(3, 3), new(1, 3), new(1, 1)], polygon.Outer);
        Assert.Empty(polygon.Holes);
    }

    [Fact]
    public void Holes_belong_to_the_part_around_them_and_parts_inside_holes_are_parts()
    {
        IReadOnlyList<MaskPolygon> polygons = Draw("#####..###", "#...#..#.#", "#.#.#..###", "#...#.....", "#####.....").ToPolygons(0);
        Assert.Equal([1, 1, 0], polygons.Select(polygon => polygon.Holes.Length));
        Assert.True(SignedArea(polygons[0].Outer) > 0 && SignedArea(polygons[0].Holes[0]) < 0);
        Assert.Equal([25, 9, 1], polygons.Select(polygon => SignedArea(polygon.Outer)));
    }

    [Fact]
    public void Pixels_that_touch_at_a_corner_are_apart() => Assert.Equal(2, Draw("#.", ".#").ToPolygons(0).Count);

    [Fact]
    public void An_empty_mask_has_no_outline() => Assert.Empty(Draw("...", "...").ToPolygons());

    [Fact]
    public void Outlines_at_tolerance_0_are_exactly_the_mask() => Prop.ForAll(Bitmaps.ToArbitrary(), bitmap =>
    {
        IReadOnlyList<MaskPolygon> polygons = bitmap.ToPolygons(0);
        double area = polygons.Sum(polygon => SignedArea(polygon.Outer) + polygon.Holes.Sum(SignedArea));
        return Rasterize(polygons, bitmap.Width, bitmap.Height).AsSpan().SequenceEqual(bitmap.Pixels) && area == bitmap.Area;
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_simplified_outline_is_shorter_and_near_the_true_one(double tolerance)
    {
        MaskBitmap disc = Disc(101, 45);
        ImmutableArray<MaskPoint> exact = Assert.Single(disc.ToPolygons(0)).Outer;
        ImmutableArray<MaskPoint> simple = Assert.Single(disc.ToPolygons(tolerance)).Outer;
        Assert.InRange(simple.Length, 3, exact.Length / 3);
        Assert.All(simple, corner => Assert.Contains(corner, exact));
        Assert.All(exact, corner => Assert.InRange(DistanceTo(simple, corner), 0, tolerance));
    }

    [Fact]
    public void However_coarse_every_part_keeps_an_outline()
    {
        MaskPolygon polygon = Assert.Single(Draw("###", "#.#", "###").ToPolygons(100));
        Assert.InRange(polygon.Outer.Length, 3, 4);
        Assert.Empty(polygon.Holes);
        Assert.Throws<ArgumentOutOfRangeException>(() => Draw("#").ToPolygons(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Draw("#").ToPolygons(double.NaN));
    }

    private static Gen<MaskBitmap> Bitmaps =>
        from width in Gen.Choose(1, 16)
        from height in Gen.Choose(1, 16)
        from density in Gen.Choose(1, 9)
        from pixels in Gen.Choose(0, 9).ArrayOf(width * height)
        select MaskBitmap.FromPixels(width, height, [.. pixels.Select(pixel => pixel < density ? (byte)1 : (byte)0)]);

    private static MaskBitmap Draw(params string[] rows) =>
        MaskBitmap.FromPixels(rows[0].Length, rows.Length, [.. string.Concat(rows).Select(character => character == '#' ? (byte)1 : (byte)0)]);

    private static MaskBitmap Disc(int side, int radius) => MaskBitmap.FromPixels(side, side, [.. Enumerable.Range(0, side * side).Select(pixel =>
        double.Hypot((pixel % side) - (side / 2), (pixel / side) - (side / 2)) <= radius ? (byte)1 : (byte)0)]);

    /// <summary>Twice counted in mathematical sense, so positive for an outline that is clockwise in a picture, whose rows go down.</summary>
    private static double SignedArea(ImmutableArray<MaskPoint> outline) =>
        outline.Select((point, index) => (point, next: outline[(index + 1) % outline.Length])).Sum(side => ((double)side.point.X * side.next.Y) - ((double)side.next.X * side.point.Y)) / 2;

    /// <summary>A pixel is inside when an odd number of sides is left of its centre.</summary>
    private static byte[] Rasterize(IReadOnlyList<MaskPolygon> polygons, int width, int height)
    {
        (MaskPoint From, MaskPoint To)[] sides = [.. polygons.SelectMany(polygon => polygon.Holes.Add(polygon.Outer))
            .SelectMany(outline => outline.Select((point, index) => (point, outline[(index + 1) % outline.Length])))];
        return [.. Enumerable.Range(0, width * height).Select(pixel =>
        {
            double x = (pixel % width) + 0.5;
            double y = (pixel / width) + 0.5;
            return (byte)(sides.Count(side => side.From.X < x && side.From.Y > y != side.To.Y > y) % 2);
        })];
    }

    private static double DistanceTo(ImmutableArray<MaskPoint> outline, MaskPoint point) => outline.Select((start, index) =>
    {
        MaskPoint end = outline[(index + 1) % outline.Length];
        double x = end.X - start.X;
        double y = end.Y - start.Y;
        double along = Math.Clamp((((point.X - start.X) * x) + ((point.Y - start.Y) * y)) / ((x * x) + (y * y)), 0, 1);
        return double.Hypot(point.X - start.X - (along * x), point.Y - start.Y - (along * y));
    }).Min();
}
