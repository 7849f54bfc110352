using PaliGguf.Training.Examples;

namespace PaliGguf.Training.Tests.Examples;

public sealed class BatchOrderTests
{
    private static readonly int[] Lengths = [.. Enumerable.Range(0, 1003).Select(i => 10 + (i * 37 % 101))];

    [Fact]
    public void An_epoch_has_each_example_once()
    {
        BatchOrder order = new(Lengths, size: 8, seed: 1);
        int[] seen = [.. Enumerable.Range(0, order.StepsPerEpoch).SelectMany(step => order.Of(step))];
        Assert.Equal(Enumerable.Range(0, Lengths.Length), seen.Order());
    }

    [Fact]
    public void A_step_does_not_depend_on_what_was_drawn_before()
    {
        BatchOrder order = new(Lengths, size: 8, seed: 1);
        long step = (2L * order.StepsPerEpoch) + 5;
        int[] expected = order.Of(step);
        Assert.Equal(expected, new BatchOrder(Lengths, size: 8, seed: 1).Of(step));
        Assert.NotEqual(expected, order.Of(5));
        Assert.NotEqual(expected, new BatchOrder(Lengths, size: 8, seed: 2).Of(step));
    }

    [Fact]
    public void Examples_of_about_the_same_length_come_together()
    {
        BatchOrder order = new(Lengths, size: 8, seed: 1);
        double padded = Enumerable.Range(0, order.StepsPerEpoch)
            .Sum(step => order.Of(step).Max(each => Lengths[each]) * (double)order.Of(step).Length);
        Assert.InRange(padded / Lengths.Sum(), 1, 1.1);
    }

    [Fact]
    public void The_examples_of_a_picture_come_together_where_that_is_asked()
    {
        string[] pictures = [.. Enumerable.Range(0, Lengths.Length).Select(i => $"{i % 251}.jpg")];
        BatchOrder order = new(Lengths, size: 8, seed: 1, pictures);
        int[] seen = [.. Enumerable.Range(0, order.StepsPerEpoch).SelectMany(step => order.Of(step))];
        Assert.Equal(Enumerable.Range(0, Lengths.Length), seen.Order());
        int changes = seen.Zip(seen.Skip(1)).Count(pair => pictures[pair.First] != pictures[pair.Second]);
        Assert.Equal(250, changes);
        Assert.NotEqual(seen, Enumerable.Range(order.StepsPerEpoch, order.StepsPerEpoch).SelectMany(step => order.Of(step)));
    }
}
