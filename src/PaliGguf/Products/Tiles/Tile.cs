using System.Runtime.InteropServices;

namespace PaliGguf.Products;

/// <summary>
/// The smallest piece of a product: some rows against some blocks of a panel. A row's sum of a column is made block after block: the sum
/// of the products of bytes, which is exact, becomes a float, times the
/// weights' scale, and is then added times the row's scale. So every kernel comes to the same bits, however many rows it takes at once.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Tile
{
    /// <summary>The first block of the panel.</summary>
    public byte* Panel;

    /// <summary>Its scales and minima.</summary>
    public float* Scales;

    /// <summary>How many blocks.</summary>
    public nint Blocks;

    /// <summary>The first row's values in the first block's record.</summary>
    public byte* Values;

    /// <summary>The first row's scale there.</summary>
    public byte* RowScales;

    /// <summary>16 floats of the first row.</summary>
    public float* Sums;

    /// <summary>The bytes from a row's sums to the next row's.</summary>
    public nint Stride;

    /// <summary>1 if the sums go on, 0 if they begin.</summary>
    public nint Begun;

    /// <summary>Memory for what does not fit into registers: <see cref="TileKernel.ScratchBytes"/>, on a border of as many.</summary>
    public byte* Scratch;
}
