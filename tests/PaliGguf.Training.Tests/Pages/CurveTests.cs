using PaliGguf.Training.Pages;

namespace PaliGguf.Training.Tests.Pages;

public sealed class CurveTests
{
    [Fact]
    public void Few_points_stay_as_they_are()
    {
        Curve curve = new();
        curve.Add(1, 3.5);
        curve.Add(4, 2);
        Assert.Equal([new CurvePoint(1, 3.5), new CurvePoint(4, 2)], curve.Points);
    }

    [Fact]
    public void Many_points_become_means_of_equally_many_and_the_last_ones_are_there_at_once()
    {
        const int Steps = 100_003;
        Curve curve = new();
        for (int step = 1; step <= Steps; step++) curve.Add(step, step);
        CurvePoint[] points = [.. curve.Points];
        Assert.InRange(points.Length, Curve.MostPoints / 2, Curve.MostPoints);
        Assert.Equal(Steps, points[^1].Step);
        long together = points[0].Step;
        Assert.All(points[..^1].Index(), each => Assert.Equal(together * (each.Index + 1), each.Item.Step));
        Assert.All(points[..^1], each => Assert.Equal(each.Step - ((together - 1) / 2.0), each.Value, 1e-6));
    }
}
