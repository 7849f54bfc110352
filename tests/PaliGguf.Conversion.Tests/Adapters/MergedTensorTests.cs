using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Conversion.Adapters;
using PaliGguf.Conversion.Sources;
using PaliGguf.Conversion.Tests.Tensors;

namespace PaliGguf.Conversion.Tests.Adapters;

public sealed class MergedTensorTests
{
    [Fact]
    public void The_product_of_the_factors_is_added()
    {
        LowRankUpdate update = Update([2, 3], [1, 2, 3, 10, 20, 30], [2, 2], [1, 0, 0, 1], scale: 0.5);
        Assert.Equal([1 + 0.5f, 2 + 1f, 3 + 1.5f, 4 + 5f, 5 + 10f, 6 + 15f], Read(new MergedTensor(new MemoryTensor([2, 3]), [(update, 1)])));
    }

    [Fact]
    public void Several_updates_add_up_each_with_its_weight()
    {
        LowRankUpdate update = Update([1, 2], [1, 2], [2, 1], [1, 1], scale: 1);
        Assert.Equal([1 + 1f, 2 + 2f, 3 + 1f, 4 + 2f], Read(new MergedTensor(new MemoryTensor([2, 2]), [(update, 2), (update, -1)])));
    }

    [Fact]
    public void A_convolution_is_a_matrix_with_rows_of_channels_and_pixels()
    {
        LowRankUpdate update = Update([1, 1, 2, 2], [1, 2, 3, 4], [2, 1, 1, 1], [1, 10], scale: 1);
        Assert.Equal([2, 4, 6, 8, 15, 26, 37, 48], Read(new MergedTensor(new MemoryTensor([2, 1, 2, 2]), [(update, 1)])));
    }

    [Fact]
    public void Any_piece_is_that_part_of_the_sum_in_double_precision()
    {
        const int Rows = 3;
        const int Columns = 2500;
        const int Rank = 5;
        Random random = new(7);
        float[] w = Numbers(Rows * Columns);
        float[] a = Numbers(Rank * Columns);
        float[] b = Numbers(Rows * Rank);
        MergedTensor tensor = new(new MemoryTensor([Rows, Columns], w), [(Update([Rank, Columns], a, [Rows, Rank], b, scale: 1 / Math.Sqrt(3)), 1)]);
        Gen<(int First, int Length)> ranges = Gen.Choose(0, w.Length).SelectMany(first => Gen.Choose(0, w.Length - first).Select(length => (first, length)));
        Prop.ForAll(ranges.ToArbitrary(), range =>
        {
            float[] piece = new float[range.Length];
            tensor.Read(range.First, piece);
            for (int i = 0; i < piece.Length; i++)
            {
                (int row, int column) = Math.DivRem(range.First + i, Columns);
                double sum = 0;
                for (int k = 0; k < Rank; k++) sum += (double)b[(row * Rank) + k] * a[(k * Columns) + column];
                Assert.Equal(w[range.First + i] + (sum / Math.Sqrt(3)), piece[i], 5e-7);
            }
        }).QuickCheckThrowOnFailure();

        float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() - 0.5))];
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_factor_that_is_not_finite_is_refused(float number) =>
        OneLineError.Check(() => Read(new MergedTensor(new MemoryTensor([2, 2]), [(Update([1, 2], [1, number], [2, 1], [1, 1], scale: 1), 1)])), "factor A", "not finite");

    private static LowRankUpdate Update(long[] aShape, float[] a, long[] bShape, float[] b, double scale) =>
        new("module", "text.module.weight", new MemoryTensor(aShape, a, "factor A"), new MemoryTensor(bShape, b, "factor B"), scale);

    private static float[] Read(SourceTensor tensor)
    {
        float[] values = new float[tensor.Count];
        tensor.Read(0, values);
        return values;
    }
}
