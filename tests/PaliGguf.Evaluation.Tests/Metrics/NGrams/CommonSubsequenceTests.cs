using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Evaluation.Metrics.NGrams;

namespace PaliGguf.Evaluation.Tests.Metrics.NGrams;

public sealed class CommonSubsequenceTests
{
    [Theory]
    [InlineData(2, 300)]
    [InlineData(5, 70)]
    [InlineData(40, 200)]
    public void Is_as_long_as_the_table_says(int words, int most)
    {
        Gen<int[]> sentence = Gen.Choose(0, words - 1).ArrayOf().Resize(most);
        Prop.ForAll(sentence.ToArbitrary(), sentence.ToArbitrary(), (one, other) =>
            CommonSubsequence.Length(one, other) == Table(one, other)).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(128)]
    [InlineData(1000)]
    public void A_sentence_has_itself_in_common(int length)
    {
        int[] sentence = [.. Enumerable.Range(0, length)];
        Assert.Equal(length, CommonSubsequence.Length(sentence, sentence));
        Assert.Equal(1, CommonSubsequence.Length(sentence, [.. sentence.Reverse()]));
        Assert.Equal(length, CommonSubsequence.Length(new int[length], new int[length + 7]));
    }

    private static int Table(int[] one, int[] other)
    {
        int[,] lengths = new int[one.Length + 1, other.Length + 1];
        for (int i = 1; i <= one.Length; i++)
        {
            for (int j = 1; j <= other.Length; j++)
            {
                lengths[i, j] = one[i - 1] == other[j - 1] ? lengths[i - 1, j - 1] + 1 : Math.Max(lengths[i - 1, j], lengths[i, j - 1]);
            }
        }

        return lengths[one.Length, other.Length];
    }
}
