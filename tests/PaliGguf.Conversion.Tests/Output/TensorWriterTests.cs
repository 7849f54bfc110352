using System.Runtime.InteropServices;
using PaliGguf.Conversion.Output;
using PaliGguf.Conversion.Sources;
using PaliGguf.Conversion.Tensors;
using PaliGguf.Conversion.Tests.Tensors;

namespace PaliGguf.Conversion.Tests.Output;

public sealed class TensorWriterTests
{
    [Fact]
    public void A_tensor_of_many_pieces_is_written_whole()
    {
        MemoryTensor source = new([1000, 384]);
        using MemoryStream stream = new();
        List<long> pieces = [];
        new TensorWriter(pieces.Add).Write(Matrix(source), GgmlType.F32, default, stream, CancellationToken.None);
        Assert.Equal(Enumerable.Range(1, 384_000).Select(i => (float)i), MemoryMarshal.Cast<byte, float>(stream.ToArray()).ToArray());
        Assert.Equal(stream.Length, pieces.Sum());
        Assert.True(pieces.Count > 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void The_number_of_workers_makes_no_difference(int workers)
    {
        MemoryTensor source = new([3001, 256], [.. Enumerable.Range(0, 3001 * 256).Select(i => MathF.Sin(i * i % 10_007))]);
        using MemoryStream stream = new();
        new TensorWriter(_ => { }, workers).Write(Matrix(source), GgmlType.Q4_K, default, stream, CancellationToken.None);
        byte[] expected = new byte[stream.Length];
        float[] values = new float[source.Count];
        source.Read(0, values);
        ElementWriter.FromFloats(GgmlType.Q4_K, values, 256, [], expected);
        Assert.Equal(expected, stream.ToArray());
    }

    [Fact]
    public void Rows_that_come_again_are_written_again()
    {
        RepeatingTensor source = new(new MemoryTensor([100, 32]), rows: 250);
        using MemoryStream stream = new();
        new TensorWriter(_ => { }).Write(new PlannedTensor("x", TensorRole.Matrix, source), GgmlType.F32, default, stream, CancellationToken.None);
        float[] written = MemoryMarshal.Cast<byte, float>(stream.ToArray()).ToArray();
        Assert.Equal(Enumerable.Range(0, 250 * 32).Select(i => (i % 3200) + 1f), written);
    }

    [Theory]
    [InlineData(GgmlType.F16, 65505f, "beyond the 65504 of F16")]
    [InlineData(GgmlType.F16, -1e9f, "beyond the 65504 of F16")]
    [InlineData(GgmlType.Q8_0, 1e9f, "of Q8_0")]
    [InlineData(GgmlType.BF16, float.MaxValue, "of BF16")]
    [InlineData(GgmlType.F32, float.NaN, "not a finite number")]
    [InlineData(GgmlType.BF16, float.PositiveInfinity, "not a finite number")]
    [InlineData(GgmlType.Q8_0, float.NegativeInfinity, "not a finite number")]
    public void A_number_that_the_type_can_not_hold_names_the_tensor(GgmlType type, float value, string message)
    {
        float[] values = new float[64];
        values[50] = value;
        OneLineError.Check(() => Write(type, values), "memory", "tensor t holds", message);
    }

    [Theory]
    [InlineData(GgmlType.F16, 65504f)]
    [InlineData(GgmlType.BF16, 3.3895e38f)]
    [InlineData(GgmlType.Q8_0, 8_319_008f)]
    public void The_largest_number_of_a_type_is_stored(GgmlType type, float value)
    {
        byte[] stored = Write(type, [.. Enumerable.Repeat(-value, 32)]);
        Assert.Equal(type.RowByteLength(32), stored.Length);
        ReadOnlySpan<ushort> words = MemoryMarshal.Cast<byte, ushort>(stored);
        if (type == GgmlType.BF16) Assert.Equal(0xFF7F, words[0]);
        else Assert.True(Half.IsFinite(BitConverter.UInt16BitsToHalf(words[0])));
    }

    [Fact]
    public void Cancellation_is_seen_before_each_piece()
    {
        using CancellationTokenSource source = new();
        int pieces = 0;
        void Stop(long bytes)
        {
            pieces++;
            source.Cancel();
        }

        Assert.Throws<OperationCanceledException>(() => new TensorWriter(Stop, workers: 1).Write(Matrix(new MemoryTensor([4000, 384])), GgmlType.F32, default, Stream.Null, source.Token));
        Assert.Equal(1, pieces);
    }

    private static byte[] Write(GgmlType type, float[] values)
    {
        using MemoryStream stream = new();
        new TensorWriter(_ => { }).Write(Matrix(new MemoryTensor([1, values.Length], values)), type, default, stream, CancellationToken.None);
        return stream.ToArray();
    }

    private sealed class RepeatingTensor(MemoryTensor once, long rows) : SourceTensor("x", "memory", ElementType.F32, [rows, once.Shape[1]])
    {
        public override long RowPeriod => once.Shape[0];

        public override void Read(long first, Span<float> destination) => once.Read(first, destination);
    }

    private static PlannedTensor Matrix(MemoryTensor source) => new("x", TensorRole.Matrix, source);
}
