using System.Buffers;
using System.Runtime.InteropServices;
using PaliGguf.Conversion.Output;
using PaliGguf.Gguf;
using PaliGguf.Interop;
using PaliGguf.Training.Runtime;

namespace PaliGguf.Training.Weights;

/// <summary>The tensors of a mapped GGUF file, turned into torch's, of any type that they are stored in.</summary>
/// <param name="file">The file.</param>
/// <param name="releases">Whether its pages leave the process as soon as they were read.</param>
internal sealed class WeightFile(GgufFile file, bool releases = false) : IDisposable
{
    // As floats; what a thread turns at a time stays in its cache.
    private const int PieceBytes = 1 << 18;

    // A span ends at 2 GiB.
    private const long LargestSlice = 1L << 28;

    public GgufFile File => file;

    /// <summary>Room for a tensor: its shape in torch's order, the row length last.</summary>
    public static Tensor Allocate(GgufTensor tensor, ScalarType type) => empty([.. tensor.Shape.Reverse()], dtype: type);

    /// <summary>Fills rows from the file.</summary>
    /// <param name="tensor">A tensor of the file.</param>
    /// <param name="firstRow">The first of its rows.</param>
    /// <param name="destination">Whole rows without gaps, Float32 or BFloat16.</param>
    public void Fill(GgufTensor tensor, long firstRow, Tensor destination)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor rows = destination.view(-1, tensor.RowLength);
        long step = Math.Max(1, LargestSlice / tensor.RowLength);
        for (long first = 0; first < rows.shape[0]; first += step)
        {
            long from = firstRow + first;
            rows.narrow(0, first, Math.Min(step, rows.shape[0] - first)).WriteOnHost(host => FillSlice(tensor, from, host));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private unsafe void FillSlice(GgufTensor tensor, long firstRow, Tensor slice)
    {
        int rowLength = checked((int)tensor.RowLength);
        int rowCount = (int)slice.shape[0];
        int elementBytes = slice.dtype == ScalarType.BFloat16 ? sizeof(ushort) : sizeof(float);
        int step = Math.Max(1, PieceBytes / sizeof(float) / rowLength);
        int pieces = (rowCount + step - 1) / step;
        fixed (byte* start = slice.bytes)
        {
            byte* destination = start;
            Parallel.For(0, pieces, new ParallelOptions { MaxDegreeOfParallelism = get_num_threads() }, piece =>
            {
                int first = piece * step;
                int count = Math.Min(step, rowCount - first);
                Span<byte> target = new(destination + ((long)first * rowLength * elementBytes), count * rowLength * elementBytes);
                ReadOnlySpan<byte> source = file.GetRows(tensor, firstRow + first, count);
                if (elementBytes == sizeof(float)) GgmlRows.Dequantize(tensor.Type, source, MemoryMarshal.Cast<byte, float>(target));
                else Narrow(tensor.Type, source, rowLength, target);
            });
        }

        // All at once: each piece would leave the pages that it shares with its neighbours, a seventh of the file.
        if (releases) MemoryAdvice.Release(file.GetRows(tensor, firstRow, rowCount));
    }

    private static void Narrow(GgmlType type, ReadOnlySpan<byte> source, int rowLength, Span<byte> target)
    {
        int count = target.Length / sizeof(ushort);
        float[] values = ArrayPool<float>.Shared.Rent(count);
        GgmlRows.Dequantize(type, source, values.AsSpan(0, count));
        ElementWriter.FromFloats(GgmlType.BF16, values.AsSpan(0, count), rowLength, default, target);
        ArrayPool<float>.Shared.Return(values);
    }
}
