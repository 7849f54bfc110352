using System.Runtime.InteropServices;
using FsCheck;
using FsCheck.Fluent;
using PaliGguf.Conversion.Quantization;
using PaliGguf.Gguf;
using PaliGguf.Tests;

namespace PaliGguf.Conversion.Tests.Quantization;

/// <summary>Files by others, and files that are wrong.</summary>
public sealed class ImportanceMatrixFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_with_further_tensors_and_without_keys_is_read()
    {
        string path = Write("imatrix", ("x.in_sum", [1, 2]), ("x.in_sum2", [8, 2]), ("x.counts", [2]), ("x.other", [1]));
        ImportanceMatrix matrix = ImportanceMatrix.Read(path);
        Assert.Equal(["x"], matrix.Weights);
        Assert.Equal([4f, 1f], matrix.MeanSquares("x")!);
        Assert.Empty(matrix.Datasets);
        Assert.Equal(0, matrix.Chunks);
    }

    [Fact]
    public void A_tensor_that_no_row_was_counted_for_is_passed_over() =>
        Assert.Equal(["y"], ImportanceMatrix.Read(Write("imatrix", ("x.in_sum2", [0, 0]), ("x.counts", [0]), ("y.in_sum2", [1]), ("y.counts", [1]))).Weights);

    [Fact]
    public void A_file_that_is_missing_or_of_something_else_is_refused()
    {
        OneLineError.Check(() => ImportanceMatrix.Read(_folder.File("none.gguf")), "none.gguf", "missing");
        OneLineError.Check(() => ImportanceMatrix.Read(Write("model", ("x.in_sum2", [1]), ("x.counts", [1]))), "no importance matrix", "general.type is model");
        OneLineError.Check(() => ImportanceMatrix.Read(Write(null, ("x.in_sum2", [1]), ("x.counts", [1]))), "general.type is missing");
    }

    [Fact]
    public void A_file_without_data_is_refused()
    {
        OneLineError.Check(() => ImportanceMatrix.Read(Write("imatrix", ("x.counts", [1]))), "no data");
        OneLineError.Check(() => ImportanceMatrix.Read(Write("imatrix", ("x.in_sum2", [0]), ("x.counts", [0]))), "no data");
    }

    [Fact]
    public void Sums_without_a_count_are_refused() =>
        OneLineError.Check(() => ImportanceMatrix.Read(Write("imatrix", ("x.in_sum2", [1]))), "x.counts", "is missing");

    [Fact]
    public void A_mixture_of_experts_is_refused() =>
        OneLineError.Check(() => ImportanceMatrix.Read(Write("imatrix", ("x.in_sum2", [1, 1]), ("x.counts", [1, 1]))), "x.counts has 2 counts", "mixture of experts");

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(float.NaN, 1)]
    [InlineData(float.PositiveInfinity, 1)]
    [InlineData(1, -1)]
    [InlineData(1, float.NaN)]
    [InlineData(1, 1e30f)]
    public void Numbers_that_no_run_gives_are_refused(float sum, float count) =>
        OneLineError.Check(() => ImportanceMatrix.Read(Write("imatrix", ("x.in_sum2", [1, sum]), ("x.counts", [count]))), "x.");

    [Fact]
    public void Sums_of_another_type_are_refused()
    {
        GgufWriter writer = Begin("imatrix");
        writer.AddTensor("x.in_sum2", GgmlType.F16, [2], (stream, _) => stream.Write(new byte[4]));
        writer.AddTensor("x.counts", GgmlType.F32, [1], (stream, _) => stream.Write(BitConverter.GetBytes(1f)));
        writer.Write(_folder.File("i.gguf"));
        OneLineError.Check(() => ImportanceMatrix.Read(_folder.File("i.gguf")), "x.in_sum2 is of type F16, expected F32");
    }

    [Fact]
    public void The_former_format_is_refused_with_the_way_out()
    {
        byte[] old = [.. BitConverter.GetBytes(1), .. BitConverter.GetBytes(17), .. "blk.0.attn_q.weight"u8, .. new byte[64]];
        OneLineError.Check(() => ImportanceMatrix.Read(_folder.Write("i.dat", old)), "i.dat", "former format", "llama-imatrix --in-file");
    }

    [Fact]
    public void A_damaged_file_is_read_or_refused()
    {
        byte[] whole = File.ReadAllBytes(Write("imatrix", ("blk.0.attn_q.weight.in_sum2", [8, 2, 3]), ("blk.0.attn_q.weight.counts", [2])));
        string path = _folder.File("damaged.gguf");
        Prop.ForAll(
            Gen.Choose(0, whole.Length - 1).ToArbitrary(), Gen.Choose(1, 255).ToArbitrary(), Gen.Choose(0, whole.Length).ToArbitrary(), (position, flip, length) =>
            {
                byte[] damaged = [.. whole];
                damaged[position] ^= (byte)flip;
                // Every second one is cut too.
                File.WriteAllBytes(path, length % 2 == 0 ? damaged : damaged[..length]);
                try
                {
                    ImportanceMatrix matrix = ImportanceMatrix.Read(path);
                    return matrix.Weights.All(weight => matrix.MeanSquares(weight)!.All(float.IsFinite));
                }
                catch (ModelFormatException e)
                {
                    return !e.Message.Contains('\n') && e.Message.Contains(path, StringComparison.Ordinal);
                }
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(400));
    }

    private string Write(string? type, params (string Name, float[] Values)[] tensors)
    {
        GgufWriter writer = Begin(type);
        foreach ((string name, float[] values) in tensors)
        {
            writer.AddTensor(name, GgmlType.F32, [values.Length], (stream, _) => stream.Write(MemoryMarshal.AsBytes(values.AsSpan())));
        }

        writer.Write(_folder.File("written.gguf"));
        return _folder.File("written.gguf");
    }

    private static GgufWriter Begin(string? type)
    {
        GgufWriter writer = new();
        if (type is not null) writer.Set("general.type", type);
        return writer;
    }
}
