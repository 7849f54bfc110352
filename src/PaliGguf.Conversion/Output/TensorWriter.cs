using System.Buffers;
using System.Numerics.Tensors;
using PaliGguf.Conversion.Sources;
using PaliGguf.Conversion.Tensors;

namespace PaliGguf.Conversion.Output;

/// <summary>Converts tensors in pieces of whole rows, several at a time, so that memory does not grow with them.</summary>
/// <param name="written">Told the bytes of each piece that has been written.</param>
/// <param name="workers">How many pieces are converted side by side.</param>
internal sealed class TensorWriter(Action<long> written, int workers)
{
    private const int ElementsPerPiece = 128 * 1024;

    public TensorWriter(Action<long> written)
        : this(written, Environment.ProcessorCount)
    {
    }

    /// <summary>Writes all elements of a tensor.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="type">How to store it.</param>
    /// <param name="importance">How much each column counts, see <see cref="ElementWriter"/>; empty where all count alike.</param>
    /// <param name="stream">Where to.</param>
    /// <param name="cancellationToken">Looked at before each piece.</param>
    /// <exception cref="ModelFormatException">A number is not finite or does not fit the type.</exception>
    public void Write(PlannedTensor tensor, GgmlType type, ReadOnlyMemory<float> importance, Stream stream, CancellationToken cancellationToken)
    {
        Func<long, int, byte[], int> convert = tensor.Source is GgufSourceTensor { Stored: { } stored } same && stored.Type == type
            ? (row, rows, bytes) => Copy(same, row, rows, bytes)
            : (row, rows, bytes) => Convert(tensor.Source, type, importance.Span, row, rows, bytes);
        int rowLength = checked((int)tensor.Source.Shape[^1]);
        long count = tensor.Source.Count / rowLength;
        if (tensor.Source.RowPeriod < count)
        {
            WriteRepeating((int)tensor.Source.RowPeriod, count, type.RowByteLength(rowLength), convert, stream, cancellationToken);
            return;
        }

        int rowsPerPiece = (int)Math.Clamp(ElementsPerPiece / rowLength, 1, count);
        int pieceBytes = checked((int)type.RowByteLength(rowLength) * rowsPerPiece);
        byte[][] pieces = new byte[(int)Math.Min(workers, (count + rowsPerPiece - 1) / rowsPerPiece)][];
        int[] lengths = new int[pieces.Length];
        for (int piece = 0; piece < pieces.Length; piece++) pieces[piece] = ArrayPool<byte>.Shared.Rent(pieceBytes);
        try
        {
            for (long row = 0; row < count; row += (long)rowsPerPiece * pieces.Length)
            {
                long first = row;
                int used = (int)Math.Min(pieces.Length, (count - row + rowsPerPiece - 1) / rowsPerPiece);
                Run(used, piece =>
                {
                    long from = first + ((long)piece * rowsPerPiece);
                    lengths[piece] = convert(from, (int)Math.Min(rowsPerPiece, count - from), pieces[piece]);
                }, cancellationToken);
                for (int piece = 0; piece < used; piece++)
                {
                    stream.Write(pieces[piece], 0, lengths[piece]);
                    written(lengths[piece]);
                }
            }
        }
        finally
        {
            foreach (byte[] piece in pieces) ArrayPool<byte>.Shared.Return(piece);
        }
    }

    private void WriteRepeating(int period, long count, long rowBytes, Func<long, int, byte[], int> convert, Stream stream, CancellationToken cancellationToken)
    {
        byte[] piece = ArrayPool<byte>.Shared.Rent(checked((int)(period * rowBytes)));
        try
        {
            convert(0, period, piece);
            for (long row = 0; row < count; row += period)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int length = (int)(Math.Min(period, count - row) * rowBytes);
                stream.Write(piece, 0, length);
                written(length);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    private static void Run(int count, Action<int> work, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (count == 1)
        {
            work(0);
            return;
        }

        try
        {
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = count }, work);
        }
        catch (AggregateException failures)
        {
            // Of several bad pieces the caller hears of one.
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failures.InnerExceptions[0]);
        }
    }

    private static int Copy(GgufSourceTensor source, long row, int rows, byte[] bytes)
    {
        int length = (int)(rows * source.Stored.RowByteLength);
        source.ReadStored(row * source.Stored.RowByteLength, bytes.AsSpan(0, length));
        return length;
    }

    private static int Convert(SourceTensor source, GgmlType type, ReadOnlySpan<float> importance, long row, int rows, byte[] bytes)
    {
        int rowLength = (int)source.Shape[^1];
        int length = (int)(rows * type.RowByteLength(rowLength));
        float[] floats = ArrayPool<float>.Shared.Rent(rows * rowLength);
        try
        {
            Span<float> piece = floats.AsSpan(0, rows * rowLength);
            source.Read(row * rowLength, piece);
            CheckRange(source, type, piece);
            ElementWriter.FromFloats(type, piece, rowLength, importance, bytes.AsSpan(0, length));
            return length;
        }
        finally
        {
            ArrayPool<float>.Shared.Return(floats);
        }
    }

    private static void CheckRange(SourceTensor source, GgmlType type, ReadOnlySpan<float> piece)
    {
        // A NaN among the elements is the result, and compares as false.
        float largest = Math.Abs(TensorPrimitives.MaxMagnitude(piece));
        if (largest <= StorageLimits.Largest(type)) return;
        string tensor = $"tensor {OneLine.Show(source.Name)} holds {largest}";
        throw new ModelFormatException(
            source.Path,
            float.IsFinite(largest) ? $"{tensor}, beyond the {StorageLimits.Largest(type)} of {type}: convert to bf16 or f32" : $"{tensor}, which is not a finite number");
    }
}
