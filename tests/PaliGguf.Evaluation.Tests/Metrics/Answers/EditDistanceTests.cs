using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Evaluation.Metrics.Answers;

namespace PaliGguf.Evaluation.Tests.Metrics.Answers;

public sealed class EditDistanceTests
{
    [Theory]
    [InlineData(2, 300)]
    [InlineData(3, 70)]
    [InlineData(40, 200)]
    public void Is_what_the_table_says(int symbols, int most)
    {
        Gen<int[]> sequence = Gen.Choose(0, symbols - 1).ArrayOf().Resize(most);
        Prop.ForAll(sequence.ToArbitrary(), sequence.ToArbitrary(), (one, other) =>
            EditDistance.Of(one, other) == Table(one, other)).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(129)]
    public void Counts_at_the_ends_of_a_block(int length)
    {
        int[] sequence = [.. Enumerable.Range(0, length)];
        Assert.Equal(0, EditDistance.Of(sequence, sequence));
        Assert.Equal(length, EditDistance.Of(sequence, []));
        Assert.Equal(length, EditDistance.Of(sequence, [.. sequence.Select(symbol => symbol + length)]));
        Assert.Equal(2, EditDistance.Of([-1, .. sequence, -2], sequence));
    }

    private static int Table(int[] one, int[] other)
    {
        int[,] distances = new int[one.Length + 1, other.Length + 1];
        for (int i = 0; i <= one.Length; i++) distances[i, 0] = i;
        for (int j = 0; j <= other.Length; j++) distances[0, j] = j;
        for (int i = 1; i <= one.Length; i++)
        {
            for (int j = 1; j <= other.Length; j++)
            {
                int replaced = distances[i - 1, j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1);
                distances[i, j] = Math.Min(replaced, 1 + Math.Min(distances[i - 1, j], distances[i, j - 1]));
            }
        }

        return distances[one.Length, other.Length];
    }
}
