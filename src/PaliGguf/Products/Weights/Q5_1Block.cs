using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PaliGguf.Products;

/// <summary>GGML_TYPE_Q5_1 (block_q5_1): as Q5_0, with a 16-bit minimum behind the scale.</summary>
internal readonly unsafe struct Q5_1Block : ISmallBlock
{
    public static int Bytes => 24;

    public static int Bits => 5;

    public static int Offset => 0;

    public static bool Minima => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadScales(byte* block, nint stride, out Vector256<float> scale, out Vector256<float> minimum)
    {
        Vector256<uint> head = BlockRows.First(block, stride);
        scale = BlockRows.LowerHalf(head);
        minimum = BlockRows.UpperHalf(head);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(
        byte* block, nint stride,
        out Vector256<byte> w0, out Vector256<byte> w1, out Vector256<byte> w2, out Vector256<byte> w3,
        out Vector256<byte> w4, out Vector256<byte> w5, out Vector256<byte> w6, out Vector256<byte> w7)
    {
        Vector256<uint> high = BlockRows.First(block + 4, stride);
        BlockRows.Transpose(block + 8, stride, out Vector256<byte> p0,
            out Vector256<byte> p1, out Vector256<byte> p2, out Vector256<byte> p3);
        w0 = PanelHalf.Lower(p0) | PanelHalf.Bits(high, 0, 16);
        w1 = PanelHalf.Lower(p1) | PanelHalf.Bits(high, 1, 16);
        w2 = PanelHalf.Lower(p2) | PanelHalf.Bits(high, 2, 16);
        w3 = PanelHalf.Lower(p3) | PanelHalf.Bits(high, 3, 16);
        w4 = PanelHalf.Upper(p0) | PanelHalf.Bits(high, 4, 16);
        w5 = PanelHalf.Upper(p1) | PanelHalf.Bits(high, 5, 16);
        w6 = PanelHalf.Upper(p2) | PanelHalf.Bits(high, 6, 16);
        w7 = PanelHalf.Upper(p3) | PanelHalf.Bits(high, 7, 16);
    }
}
