namespace PaliGguf.Products;

/// <summary>
/// Where rows lie: 16 of them in turn, a block of 32 values of each, then the next block. So a tile of rows is in one piece. Behind the
/// values of the 16 rows come a float each of scales, integers of
/// what the product with the weights' offset is too much, and floats of the values' sums.
/// </summary>
internal static class RowRecord
{
    public const int Rows = 16;

    /// <summary>From a row's bytes to the next row's.</summary>
    public const int ValueStride = 32;

    /// <summary>From a row's floats to the next row's, where rows stay floats: then there is nothing else.</summary>
    public const int FloatStride = 32 * sizeof(float);

    public const int FloatBytes = Rows * FloatStride;

    /// <summary>A number for each row.</summary>
    public const int Column = Rows * sizeof(float);

    public const int Scales = Rows * ValueStride;

    /// <summary>One column for a block, or one for each half.</summary>
    public const int Corrections = Scales + Column;

    /// <summary>As <see cref="Corrections"/>.</summary>
    public const int Sums = Corrections + (2 * Column);

    public const int Bytes = Sums + (2 * Column);

    // A single row that no panel is made for has records of a cache line each, in the same order.
    public const int SingleScales = ValueStride;

    public const int SingleCorrections = SingleScales + sizeof(float);

    public const int SingleSums = SingleCorrections + (2 * sizeof(int));

    public const int SingleBytes = 64;
}
