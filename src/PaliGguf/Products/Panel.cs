using PaliGguf.Interop;

namespace PaliGguf.Products;

/// <summary>
/// The skeleton of all products: 16 rows of a stored matrix, a panel, are turned into the order in which they are used as they are
/// needed, a part at a time that stays in the cache, and meet all rows in tiles.
/// So weights stay as they are stored, and many rows share the work.
/// </summary>
internal static unsafe class Panel
{
    /// <summary>The rows of the matrix that make a panel: columns of the product.</summary>
    public const int Rows = 16;

    /// <summary>The weights of a block.</summary>
    public const int BlockLength = 32;

    /// <summary>The most panels that are computed together: a part of the rows stays in the second cache for all of them.</summary>
    public const int AtOnce = 4;

    // The blocks of a panel that are used before the next ones are unpacked, so that they stay in the smallest cache: multiples of what a
    // superblock of 256 weights has.
    private const int PartBlocks = 48;
    private const int FloatPartBlocks = 16;

    /// <summary>
    /// The bytes that a thread needs for rows of a length: for a part of a panel and <see cref="Tile.Scratch"/>; or for a row of floats,
    /// which is normalized there before.
    /// </summary>
    public static nint Bytes(TileShape shape, nint length) =>
        Math.Max(PartBytes(shape, length) + (2 * TileKernel.ScratchBytes), length * sizeof(float));

    /// <summary>Multiplies some panels with all of some rows.</summary>
    /// <param name="product">The product, for what surrounds it.</param>
    /// <param name="format">How the matrix is stored.</param>
    /// <param name="kernel">The inner loops.</param>
    /// <param name="column">The first column.</param>
    /// <param name="panels">From 1 to <see cref="AtOnce"/>.</param>
    /// <param name="rows">What the matrix is multiplied with.</param>
    /// <param name="memory">As much as <see cref="Bytes"/> says.</param>
    public static void Multiply<TEnd>(
        ggml_tensor* product, WeightFormat format, TileKernel kernel, nint column, int panels, RowGroups rows, byte* memory)
        where TEnd : struct, IProductEnd<TEnd>
    {
        ggml_tensor* weight = product->Source(0);
        TileShape shape = format.Shape;
        nint length = (nint)weight->ne[0], weightStride = (nint)weight->nb[1], count = (nint)product->ne[1];
        byte* weights = (byte*)weight->data + (column * weightStride);
        float* sums = (float*)product->data + column;
        if (count == 1 && format.TakesOneRow)
        {
            for (int panel = 0; panel < panels; panel++, weights += Rows * weightStride, sums += Rows, column += Rows)
            {
                format.MultiplyOneRow(kernel.OneRowByVnni, weights, weightStride, rows, sums);
                TEnd.Of(product, column).Apply(0, 1, sums, 0);
            }

            return;
        }

        bool signed = kernel.TakesSigned(format);
        int rowsAtOnce = kernel.RowsAtOnce(shape), rowBytes = shape.IsFloats ? RowRecord.FloatStride : RowRecord.ValueStride;
        nint most = shape.IsFloats ? FloatPartBlocks : PartBlocks;
        Tile tile =
            new() { Panel = memory, Scratch = TileKernel.ScratchIn(memory + PartBytes(shape, length)), Stride = (nint)product->nb[1] };
        for (nint first = 0; first < rows.Blocks; first += tile.Blocks)
        {
            tile.Blocks = Math.Min(most, rows.Blocks - first);
            tile.Begun = first > 0 ? 1 : 0;
            tile.Scales = (float*)(memory + (tile.Blocks * shape.PanelBytes));
            for (int panel = 0; panel < panels; panel++)
            {
                format.Unpack(weights + (panel * Rows * weightStride),
                    weightStride, length, first, tile.Blocks, signed, memory, tile.Scales);
                TEnd end = TEnd.Of(product, column + (panel * Rows));
                for (nint row = 0; row < count; row += rowsAtOnce)
                {
                    byte* record = rows.Record(row, first);
                    nint slot = row % RowRecord.Rows;
                    int some = (int)Math.Min(rowsAtOnce, count - row);
                    tile.Values = record + (slot * rowBytes);
                    tile.RowScales = record + RowRecord.Scales + (slot * sizeof(float));
                    tile.Sums = (float*)((byte*)(sums + (panel * Rows)) + (row * tile.Stride));
                    kernel.Multiply(shape, some, &tile);
                    // While they are in the smallest cache.
                    if (first + tile.Blocks == rows.Blocks) end.Apply(row, some, tile.Sums, tile.Stride / sizeof(float));
                }
            }
        }
    }

    /// <summary>The bytes of a panel's part, its scales included, in whole cache lines.</summary>
    private static nint PartBytes(TileShape shape, nint length) =>
        Math.Min(RowGroups.BlocksOf(length), shape.IsFloats ? FloatPartBlocks : PartBlocks) * (shape.PanelBytes
            + (shape.ScaleFloats * sizeof(float)));
}
