using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Conversion.Tensors;

namespace PaliGguf.Conversion.Tests.Tensors;

public sealed class TransposedTensorTests
{
    [Fact]
    public void Rows_and_columns_are_exchanged() =>
        Assert.Equal([1, 4, 2, 5, 3, 6], Read(new TransposedTensor(new MemoryTensor([2, 3]), 2, 3, new TransposedBand(), 3, 2)));

    [Fact]
    public void Each_matrix_is_transposed_by_itself() =>
        Assert.Equal([1, 3, 2, 4, 5, 7, 6, 8], Read(new TransposedTensor(new MemoryTensor([2, 2, 2]), 2, 2, new TransposedBand(), 4, 2)));

    [Theory]
    [InlineData(1, 5000, 3)]
    [InlineData(1, 3, 5000)]
    [InlineData(3, 100, 2051)]
    [InlineData(1, 2051, 1100)]
    [InlineData(700, 1, 8)]
    public void Matrices_of_any_proportions_are_transposed(int matrices, int rows, int columns)
    {
        TransposedTensor tensor = new(new MemoryTensor([matrices, rows, columns]), rows, columns, new TransposedBand(), matrices * columns, rows);
        Assert.Equal(Expected(matrices, rows, columns), Read(tensor));
    }

    [Fact]
    public void A_matrix_larger_than_the_band_is_read_band_by_band()
    {
        // 18 million elements: the numbers of the last rows are no longer whole in a float, but are the same ones.
        const int Rows = 6001;
        const int Columns = 3000;
        TransposedTensor tensor = new(new MemoryTensor([Rows, Columns]), Rows, Columns, new TransposedBand(), Columns, Rows);
        float[] row = new float[Rows];
        foreach (long column in new[] { 0L, 2794, 2795, 2796, 2999, 1 })
        {
            tensor.Read(column * Rows, row);
            Assert.Equal(Enumerable.Range(0, Rows).Select(i => (float)(((long)i * Columns) + column + 1)), row);
        }
    }

    [Fact]
    public void Any_piece_is_the_same_as_that_part_of_the_whole_though_others_share_the_band()
    {
        TransposedBand band = new();
        TransposedTensor first = new(new MemoryTensor([4, 5, 7]), 5, 7, band, 28, 5);
        TransposedTensor second = new(new MemoryTensor([14, 10]), 14, 10, band, 10, 14);
        Gen<(bool First, int Start, int Length)> pieces = Gen.Choose(0, 139).SelectMany(start =>
            Gen.Choose(0, 140 - start).SelectMany(length => Gen.Elements(true, false).Select(which => (which, start, length))));
        float[] firstWhole = Expected(4, 5, 7);
        float[] secondWhole = Expected(1, 14, 10);
        Prop.ForAll(pieces.ToArbitrary(), piece =>
        {
            float[] read = new float[piece.Length];
            (piece.First ? first : second).Read(piece.Start, read);
            Assert.Equal((piece.First ? firstWhole : secondWhole)[piece.Start..(piece.Start + piece.Length)], read);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Threads_do_not_disturb_each_other()
    {
        TransposedBand band = new();
        TransposedTensor[] tensors = [.. Enumerable.Range(1, 4).Select(i => new TransposedTensor(new MemoryTensor([i * 50, 40]), i * 50, 40, band, 40, i * 50))];
        Parallel.For(0, 40, i => Assert.Equal(Expected(1, ((i % 4) + 1) * 50, 40), Read(tensors[i % 4])));
    }

    [Fact]
    public void A_shape_that_does_not_fit_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new TransposedTensor(new MemoryTensor([2, 3]), 2, 3, new TransposedBand(), 3, 3));
        Assert.Throws<ArgumentException>(() => new TransposedTensor(new MemoryTensor([2, 3]), 2, 2, new TransposedBand(), 3, 2));
    }

    private static float[] Expected(int matrices, int rows, int columns)
    {
        float[] values = new float[matrices * rows * columns];
        for (int i = 0; i < values.Length; i++)
        {
            (int matrix, int rest) = Math.DivRem(i, rows * columns);
            (int column, int row) = Math.DivRem(rest, rows);
            values[i] = (matrix * rows * columns) + (row * columns) + column + 1;
        }

        return values;
    }

    private static float[] Read(TransposedTensor tensor)
    {
        float[] values = new float[tensor.Count];
        tensor.Read(0, values);
        return values;
    }
}
