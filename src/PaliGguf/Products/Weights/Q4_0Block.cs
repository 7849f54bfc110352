using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PaliGguf.Products;

/// <summary>
/// GGML_TYPE_Q4_0 (block_q4_0): a 16-bit scale and 16 bytes, each weight 8 less than its half of a byte; weight i lies in the lower half
/// of byte i, weight 16 + i in the upper one.
/// </summary>
internal readonly unsafe struct Q4_0Block : ISmallBlock
{
    public static int Bytes => 18;

    public static int Bits => 4;

    public static int Offset => 8;

    public static bool Minima => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadScales(byte* block, nint stride, out Vector256<float> scale, out Vector256<float> minimum)
    {
        scale = BlockRows.LowerHalf(BlockRows.First(block, stride));
        minimum = default;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(
        byte* block, nint stride,
        out Vector256<byte> w0, out Vector256<byte> w1, out Vector256<byte> w2, out Vector256<byte> w3,
        out Vector256<byte> w4, out Vector256<byte> w5, out Vector256<byte> w6, out Vector256<byte> w7)
    {
        BlockRows.Transpose(block + 2, stride, out Vector256<byte> p0,
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
