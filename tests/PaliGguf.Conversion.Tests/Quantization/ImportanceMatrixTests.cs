using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Conversion.Quantization;
using PaliGguf.Tests;

namespace PaliGguf.Conversion.Tests.Quantization;

public sealed class ImportanceMatrixTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_columns_importance_is_the_mean_of_its_squares()
    {
        ImportanceMatrix matrix = new();
        matrix.Observe("a.weight", [1, 2, 3, -4], rowLength: 2);
        matrix.Observe("a.weight", [0, 6], rowLength: 2);
        Assert.Equal([10f / 3, 56f / 3], matrix.MeanSquares("a.weight")!);
        Assert.Equal(3, matrix.Rows("a.weight"));
    }

    [Fact]
    public void Nothing_is_known_of_a_tensor_that_was_not_seen()
    {
        Assert.Null(Sample().MeanSquares("c.weight"));
        Assert.Equal(0, Sample().Rows("c.weight"));
    }

    [Fact]
    public void Rows_that_are_not_whole_or_of_another_length_are_refused()
    {
        ImportanceMatrix matrix = Sample();
        Assert.Throws<ArgumentException>(() => matrix.Observe("a.weight", [1, 2, 3], rowLength: 2));
        Assert.Throws<ArgumentException>(() => matrix.Observe("a.weight", [1, 2, 3], rowLength: 3));
        Assert.Throws<ArgumentException>(() => matrix.Observe("a.weight", [], rowLength: 2));
        Assert.Equal(Sample().MeanSquares("a.weight"), matrix.MeanSquares("a.weight"));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void Values_that_are_no_numbers_are_refused(float value) =>
        OneLineError.Check(Assert.Throws<InferenceException>(() => new ImportanceMatrix().Observe("a.weight", [1, value], rowLength: 2)), "a.weight", "NaN or infinite");

    [Fact]
    public void Two_runs_add_up_to_one()
    {
        ImportanceMatrix first = new();
        ImportanceMatrix second = new();
        ImportanceMatrix both = new();
        foreach (ImportanceMatrix matrix in (ImportanceMatrix[])[first, both]) Run(matrix, [1, 2, 3, 4], "first");
        foreach (ImportanceMatrix matrix in (ImportanceMatrix[])[second, both]) Run(matrix, [5, -6], "second");
        second.Observe("only.here", [1], rowLength: 1);
        both.Observe("only.here", [1], rowLength: 1);
        first.Add(second);
        AssertSame(both, first);
    }

    [Fact]
    public void Matrices_of_different_models_do_not_add_up()
    {
        ImportanceMatrix other = new();
        other.Observe("a.weight", [1, 2, 3], rowLength: 3);
        other.Observe("new.weight", [1], rowLength: 1);
        ImportanceMatrix matrix = Sample();
        OneLineError.Check(Assert.Throws<PaliException>(() => matrix.Add(other)), "different models", "a.weight has rows of 2 in one and of 3");
        AssertSame(Sample(), matrix);
    }

    [Fact]
    public void In_balance_both_kinds_count_the_same_however_many_rows_they_have()
    {
        ImportanceMatrix many = new(), few = new();
        many.Observe("a.weight", [1, 0, 1, 0, 1, 0], rowLength: 2);
        many.Observe("many.weight", [3], rowLength: 1);
        many.CountChunk();
        many.NameDataset("pictures");
        few.Observe("a.weight", [0, 3], rowLength: 2);
        few.Observe("few.weight", [2], rowLength: 1);
        ImportanceMatrix balanced = ImportanceMatrix.Balance(many, few);
        Assert.Equal([0.5f, 4.5f], balanced.MeanSquares("a.weight")!);
        Assert.Equal([9f], balanced.MeanSquares("many.weight")!);
        Assert.Equal([4f], balanced.MeanSquares("few.weight")!);
        Assert.Equal(4, balanced.Rows("a.weight"));
        Assert.Equal(1, balanced.Chunks);
        Assert.Equal(["pictures"], balanced.Datasets);
        Assert.Equal([1f, 0f], many.MeanSquares("a.weight")!);
    }

    [Fact]
    public void A_file_holds_what_llama_cpp_reads()
    {
        Sample().Write(_folder.File("i.gguf"));
        RawGguf file = RawGguf.Read(_folder.File("i.gguf"));
        Assert.Equal("imatrix", file.Metadata["general.type"]);
        Assert.Equal(["pictures"], (object[])file.Metadata["imatrix.datasets"]);
        Assert.Equal(2u, file.Metadata["imatrix.chunk_count"]);
        Assert.Equal(1u, file.Metadata["imatrix.chunk_size"]);
        Assert.Equal(["a.weight.in_sum2", "a.weight.counts", "b.weight.in_sum2", "b.weight.counts"], file.Tensors.Keys);
        Assert.Equal([2, 1], file.Tensors["a.weight.in_sum2"].Shape);
        Assert.Equal([1, 1], file.Tensors["a.weight.counts"].Shape);
        Assert.Equal([.. BitConverter.GetBytes(10f), .. BitConverter.GetBytes(20f)], file.Tensors["a.weight.in_sum2"].Data);
        Assert.Equal(BitConverter.GetBytes(2f), file.Tensors["a.weight.counts"].Data);
    }

    [Fact]
    public void What_is_written_is_read_again() => Prop.ForAll(Runs().ToArbitrary(), runs =>
    {
        ImportanceMatrix matrix = new();
        foreach ((string weight, float[] row) in runs) matrix.Observe(weight, row, row.Length);
        matrix.CountChunk();
        matrix.Write(_folder.File("i.gguf"));
        AssertSame(matrix, ImportanceMatrix.Read(_folder.File("i.gguf")));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_empty_matrix_is_not_written()
    {
        OneLineError.Check(Assert.Throws<PaliException>(() => new ImportanceMatrix().Write(_folder.File("i.gguf"))), "i.gguf", "no data");
        Assert.Empty(Directory.EnumerateFiles(_folder.Path));
    }

    [Fact]
    public void A_cancelled_write_leaves_what_was_there()
    {
        _folder.Write("i.gguf", "old"u8);
        Assert.Throws<OperationCanceledException>(() => Sample().Write(_folder.File("i.gguf"), new CancellationToken(canceled: true)));
        Assert.Equal("old", File.ReadAllText(Assert.Single(Directory.EnumerateFiles(_folder.Path))));
    }

    private static void Run(ImportanceMatrix matrix, float[] rows, string dataset)
    {
        matrix.Observe("a.weight", rows, rowLength: 2);
        matrix.CountChunk();
        matrix.NameDataset(dataset);
    }

    private static ImportanceMatrix Sample()
    {
        ImportanceMatrix matrix = new();
        matrix.Observe("b.weight", [1, 2, 3], rowLength: 3);
        matrix.Observe("a.weight", [1, 2, 3, 4], rowLength: 2);
        matrix.CountChunk();
        matrix.CountChunk();
        matrix.NameDataset("pictures");
        matrix.NameDataset("pictures");
        return matrix;
    }

    // Small whole numbers, whose sums of squares are the same in 32 bits.
    private static Gen<List<(string Weight, float[] Row)>> Runs() =>
        from weights in Gen.Choose(1, 5)
        from rows in Gen.Choose(0, 9).Select(value => (float)value).ArrayOf(4).ArrayOf().Where(rows => rows.Length > 0)
        select rows.Select((row, index) => ($"blk.{index % weights}.ffn_up.weight", row)).ToList();

    private static void AssertSame(ImportanceMatrix expected, ImportanceMatrix actual)
    {
        Assert.Equal(expected.Weights, actual.Weights);
        Assert.Equal(expected.Chunks, actual.Chunks);
        Assert.Equal(expected.Datasets, actual.Datasets);
        foreach (string weight in expected.Weights)
        {
            Assert.Equal(expected.MeanSquares(weight), actual.MeanSquares(weight));
            Assert.Equal(expected.Rows(weight), actual.Rows(weight));
        }
    }
}
