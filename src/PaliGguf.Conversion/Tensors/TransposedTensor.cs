using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PaliGguf.Conversion.Sources;

namespace PaliGguf.Conversion.Tensors;

/// <summary>
/// A tensor whose elements, taken as a row of matrices, have rows and columns exchanged in each of them. They are read in bands, as many rows of the result at once as a
/// <see cref="TransposedBand"/> holds, so that the source is read in long pieces.
/// </summary>
internal sealed class TransposedTensor : SourceTensor
{
    private const int TileElements = 1 << 16;
    private const int TileColumns = 1024;
    private const int Block = 8;
    private readonly SourceTensor _source;
    private readonly TransposedBand _band;
    private readonly int _columns;

    /// <param name="source">The matrices, of any shape whose product is a multiple of a matrix's elements.</param>
    /// <param name="rows">The rows of each matrix in the source.</param>
    /// <param name="columns">The columns of each matrix in the source.</param>
    /// <param name="band">The memory that it works in; others may share it.</param>
    /// <param name="shape">The shape of the result.</param>
    public TransposedTensor(SourceTensor source, long rows, long columns, TransposedBand band, params IReadOnlyList<long> shape)
        : base(source.Name, source.Path, source.Type, shape)
    {
        if (Count != source.Count || Count % (rows * columns) != 0)
        {
            throw new ArgumentException($"{OneLine.Show(source.Shape)} are not matrices of {rows} by {columns} that make {OneLine.Show(shape)}.", nameof(shape));
        }

        _source = source;
        _band = band;
        _columns = checked((int)columns);
        RowLength = checked((int)rows);
    }

    /// <summary>The elements of a row of the result.</summary>
    public int RowLength { get; }

    public override void Read(long first, Span<float> destination) => _band.Read(this, first, destination);

    /// <summary>Transposes some rows of the result.</summary>
    /// <param name="first">The first of them, counted through all matrices.</param>
    /// <param name="destination">Whole rows.</param>
    public void ReadRows(long first, Span<float> destination)
    {
        while (!destination.IsEmpty)
        {
            (long matrix, long column) = Math.DivRem(first, _columns);
            int count = (int)Math.Min(Math.Min(_columns - column, TileColumns), destination.Length / RowLength);
            ReadColumns(matrix * RowLength * _columns, (int)column, count, destination[..(count * RowLength)]);
            destination = destination[(count * RowLength)..];
            first += count;
        }
    }

    // A few columns of one matrix, tile by tile: what is read and what is written both fit the processor's cache.
    private void ReadColumns(long start, int column, int count, Span<float> destination)
    {
        bool whole = count == _columns;
        int tileRows = Math.Min(TileElements / count, RowLength);

        // Rows that are a power of two apart would compete for the same lines of the cache.
        int stride = whole ? count : count + 16;
        float[] tile = new float[tileRows * stride];
        for (int row = 0; row < RowLength; row += tileRows)
        {
            int rows = Math.Min(tileRows, RowLength - row);
            if (whole) _source.Read(start + ((long)row * _columns), tile.AsSpan(0, rows * count));
            else for (int i = 0; i < rows; i++) _source.Read(start + ((long)(row + i) * _columns) + column, tile.AsSpan(i * stride, count));
            Transpose(tile, stride, rows, count, destination[row..], RowLength);
        }
    }

    private static void Transpose(ReadOnlySpan<float> source, int sourceStride, int rows, int columns, Span<float> destination, int destinationStride)
    {
        _ = source[((rows - 1) * sourceStride) + columns - 1];
        _ = destination[((columns - 1) * destinationStride) + rows - 1];
        ref float from = ref MemoryMarshal.GetReference(source);
        ref float to = ref MemoryMarshal.GetReference(destination);
        for (int column = 0; column < columns; column += Block)
        {
            int columnEnd = Math.Min(column + Block, columns);
            for (int row = 0; row < rows; row++)
            {
                ref float rowStart = ref Unsafe.Add(ref from, row * sourceStride);
                for (int i = column; i < columnEnd; i++) Unsafe.Add(ref to, (i * destinationStride) + row) = Unsafe.Add(ref rowStart, i);
            }
        }
    }
}
