using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PaliGguf.Products;

/// <summary>GGML_TYPE_IQ4_NL (block_iq4_nl): as Q4_0, but a half of a byte is the number of one of 16 levels.</summary>
internal readonly unsafe struct IQ4_NLBlock : ISmallBlock
{
    public static int Bytes => 18;

    public static int Bits => 8;

    public static int Offset => 128;

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
        Vector256<byte> levels = NonLinearLevels.Bytes;
        BlockRows.Transpose(block + 2, stride, out Vector256<byte> p0,
            out Vector256<byte> p1, out Vector256<byte> p2, out Vector256<byte> p3);
        w0 = Avx2.Shuffle(levels, PanelHalf.Lower(p0));
        w1 = Avx2.Shuffle(levels, PanelHalf.Lower(p1));
        w2 = Avx2.Shuffle(levels, PanelHalf.Lower(p2));
        w3 = Avx2.Shuffle(levels, PanelHalf.Lower(p3));
        w4 = Avx2.Shuffle(levels, PanelHalf.Upper(p0));
        w5 = Avx2.Shuffle(levels, PanelHalf.Upper(p1));
        w6 = Avx2.Shuffle(levels, PanelHalf.Upper(p2));
        w7 = Avx2.Shuffle(levels, PanelHalf.Upper(p3));
    }
}
