using System.Runtime.Intrinsics;

namespace PaliGguf.Products;

/// <summary>A block of 32 weights with one scale, which fits into registers: as <see cref="IWeightBlock"/>.</summary>
internal unsafe interface ISmallBlock
{
    /// <summary>The bytes of a block.</summary>
    static abstract int Bytes { get; }

    /// <summary>The bits of an unsigned byte.</summary>
    static abstract int Bits { get; }

    /// <summary>What an unsigned byte is more than the integer that it stands for.</summary>
    static abstract int Offset { get; }

    /// <summary>Whether there is a minimum.</summary>
    static abstract bool Minima { get; }

    /// <summary>Reads the scales of 8 rows that lie a stride apart, and their minima if there are any.</summary>
    static abstract void LoadScales(byte* block, nint stride, out Vector256<float> scale, out Vector256<float> minimum);

    /// <summary>
    /// Reads a block of each of 8 rows: of each four weights, first those of row 0, then those of row 1, and so on, as unsigned bytes.
    /// </summary>
    static abstract void Load(
        byte* block, nint stride,
        out Vector256<byte> w0, out Vector256<byte> w1, out Vector256<byte> w2, out Vector256<byte> w3,
        out Vector256<byte> w4, out Vector256<byte> w5, out Vector256<byte> w6, out Vector256<byte> w7);
}
