using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PaliGguf.Products;

/// <summary>
/// GGML_TYPE_Q4_0, Q4_1, Q5_0 and Q5_1 (block_q4_0 and so on): a 16-bit scale, a 16-bit minimum or none, the fifth bits of 32 weights or
/// none, and 16 bytes; weight i lies in the lower half of byte i, weight 16 + i in the upper one. Without a minimum, what is stored is
/// more than the weight by half of the range.
/// </summary>
internal readonly unsafe struct HalfByteBlock<TMinimum, TFifths> : ISmallBlock
    where TMinimum : struct, IBlockPart
    where TFifths : struct, IBlockPart
{
    public static int Bytes => Fifths + (TFifths.IsPresent ? 4 : 0) + 16;

    public static int Bits => TFifths.IsPresent ? 5 : 4;

    public static int Offset => TMinimum.IsPresent ? 0 : 1 << (Bits - 1);

    public static bool Minima => TMinimum.IsPresent;

    private static int Fifths => TMinimum.IsPresent ? 4 : 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadScales(byte* block, nint stride, out Vector256<float> scale, out Vector256<float> minimum)
    {
        Vector256<uint> head = BlockRows.First(block, stride);
        scale = BlockRows.LowerHalf(head);
        minimum = TMinimum.IsPresent ? BlockRows.UpperHalf(head) : default;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(
        byte* block, nint stride,
        out Vector256<byte> w0, out Vector256<byte> w1, out Vector256<byte> w2, out Vector256<byte> w3,
        out Vector256<byte> w4, out Vector256<byte> w5, out Vector256<byte> w6, out Vector256<byte> w7)
    {
        BlockRows.Transpose(
            block + Bytes - 16, stride,
            out Vector256<byte> p0, out Vector256<byte> p1, out Vector256<byte> p2, out Vector256<byte> p3);
        w0 = PanelHalf.Lower(p0);
        w1 = PanelHalf.Lower(p1);
        w2 = PanelHalf.Lower(p2);
        w3 = PanelHalf.Lower(p3);
        w4 = PanelHalf.Upper(p0);
        w5 = PanelHalf.Upper(p1);
        w6 = PanelHalf.Upper(p2);
        w7 = PanelHalf.Upper(p3);
        if (!TFifths.IsPresent) return;
        Vector256<uint> fifths = BlockRows.First(block + Fifths, stride);
        w0 |= PanelHalf.Bits(fifths, 0, 16);
        w1 |= PanelHalf.Bits(fifths, 1, 16);
        w2 |= PanelHalf.Bits(fifths, 2, 16);
        w3 |= PanelHalf.Bits(fifths, 3, 16);
        w4 |= PanelHalf.Bits(fifths, 4, 16);
        w5 |= PanelHalf.Bits(fifths, 5, 16);
        w6 |= PanelHalf.Bits(fifths, 6, 16);
        w7 |= PanelHalf.Bits(fifths, 7, 16);
    }
}
