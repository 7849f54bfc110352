namespace PaliGguf.Scenes.Tests;

/// <summary>Random numbers that every machine has alike.</summary>
public sealed class SceneRandomTests
{
    [Fact]
    public void The_numbers_are_those_of_SplitMix64()
    {
        SceneRandom random = new(1234567);
        Assert.Equal(
            [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821],
            Enumerable.Range(0, 5).Select(_ => random.Next()));
    }

    [Fact]
    public void Weights_are_parts()
    {
        SceneRandom random = new(1);
        int[] drawn = new int[3];
        for (int i = 0; i < 10_000; i++) drawn[random.Weighted([1, 0, 3])]++;
        Assert.InRange(drawn[0], 2300, 2700);
        Assert.Equal(0, drawn[1]);
    }
}
