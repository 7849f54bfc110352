using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PaliGguf.Products;

/// <summary>GGML_TYPE_Q4_1 (block_q4_1): as Q4_0, with a 16-bit minimum behind the scale.</summary>
internal readonly unsafe struct Q4_1Block : ISmallBlock
{
    public static int Bytes => 20;

    public static int Bits => 4;

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
        BlockRows.Transpose(block + 4, stride, out Vector256<byte> p0,
            out Vector256<byte> p1, out Vector256<byte> p2, out Vector256<byte> p3);
        w0 = PanelHalf.Lower(p0);
        w1 = PanelHalf.Lower(p1);
        w2 = PanelHalf.Lower(p2);
        w3 = PanelHalf.Lower(p3);
        w4 = PanelHalf.Upper(p0);
        w5 = PanelHalf.Upper(p1);
        w6 = PanelHalf.Upper(p2);
        w7 = PanelHalf.Upper(p3);
    }
}
