using System.Buffers;
using System.Numerics.Tensors;
using PaliGguf.Conversion.Sources;
using PaliGguf.Conversion.Tensors;
using PaliGguf.Gguf;

namespace PaliGguf.Conversion.Output;

/// <summary>Converts tensors in pieces of whole rows, so that memory does not grow with them.</summary>
internal static class TensorWriter
{
    private const int ElementsPerPiece = 128 * 1024;

    /// <summary>Writes all elements of a tensor.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="type">How to store it.</param>
    /// <param name="stream">Where to.</param>
    /// <param name="written">Told the bytes of each piece.</param>
    /// <param name="cancellationToken">Looked at before each piece.</param>
    /// <exception cref="ModelFormatException">A number is not finite or does not fit the type.</exception>
    public static void Write(PlannedTensor tensor, GgmlType type, Stream stream, Action<long> written, CancellationToken cancellationToken)
    {
        SourceTensor source = tensor.Source;
        int rowLength = checked((int)source.Shape[^1]);
        long rows = source.Count / rowLength;
        int rowsPerPiece = (int)Math.Clamp(ElementsPerPiece / rowLength, 1, rows);
        float[] floats = ArrayPool<float>.Shared.Rent(rowsPerPiece * rowLength);
        byte[] bytes = ArrayPool<byte>.Shared.Rent(ByteCount(type, rowsPerPiece * rowLength));
        try
        {
            for (long row = 0; row < rows; row += rowsPerPiece)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Span<float> piece = floats.AsSpan(0, (int)Math.Min(rowsPerPiece, rows - row) * rowLength);
                Span<byte> stored = bytes.AsSpan(0, ByteCount(type, piece.Length));
                source.Read(row * rowLength, piece);
                CheckRange(source, type, piece);
                ElementWriter.FromFloats(type, piece, rowLength, stored);
                stream.Write(stored);
                written(stored.Length);
            }
        }
        finally
        {
            ArrayPool<float>.Shared.Return(floats);
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private static int ByteCount(GgmlType type, int elements) => checked((int)type.RowByteLength(elements));

    private static void CheckRange(SourceTensor source, GgmlType type, ReadOnlySpan<float> piece)
    {
        // A NaN among the elements is the result, and compares as false.
        float largest = Math.Abs(TensorPrimitives.MaxMagnitude(piece));
        if (largest <= StorageType.Largest(type)) return;
        string tensor = $"tensor {OneLine.Show(source.Name)} holds {largest}";
        throw new ModelFormatException(
            source.Path,
            float.IsFinite(largest) ? $"{tensor}, beyond the {StorageType.Largest(type)} of {type}: convert to bf16 or f32" : $"{tensor}, which is not a finite number");
    }
}
