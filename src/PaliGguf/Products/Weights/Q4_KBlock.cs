using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PaliGguf.Products;

/// <summary>
/// GGML_TYPE_Q4_K (block_q4_K): 256 weights of four bits, scales and minima of six. Of each 64 weights, the first 32 lie in the lower
/// halves of 32 bytes.
/// </summary>
internal readonly unsafe struct Q4_KBlock : IWeightBlock
{
    public static int Length => 256;

    public static int Bytes => 144;

    public static int Bits => 4;

    public static int Offset => 0;

    public static int Groups => 1;

    public static bool Minima => true;

    private const int PartBytes = Panel.Rows * Panel.BlockLength;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSign>(byte* block, nint stride, byte* panel, float* scales)
        where TSign : struct, IByteSign
    {
        SixBitScales.Unpack(block, stride, scales);
        for (int pair = 0; pair < 4; pair++, panel += 2 * PartBytes)
        {
            BlockRows.Transpose(block + 16 + (32 * pair),
                stride, out Vector256<byte> p0, out Vector256<byte> p1, out Vector256<byte> p2, out Vector256<byte> p3);
            PanelHalf.Store<TSign>(panel, 0, PanelHalf.Lower(p0), Offset);
            PanelHalf.Store<TSign>(panel + PartBytes, 0, PanelHalf.Upper(p0), Offset);
            PanelHalf.Store<TSign>(panel, 1, PanelHalf.Lower(p1), Offset);
            PanelHalf.Store<TSign>(panel + PartBytes, 1, PanelHalf.Upper(p1), Offset);
            PanelHalf.Store<TSign>(panel, 2, PanelHalf.Lower(p2), Offset);
            PanelHalf.Store<TSign>(panel + PartBytes, 2, PanelHalf.Upper(p2), Offset);
            PanelHalf.Store<TSign>(panel, 3, PanelHalf.Lower(p3), Offset);
            PanelHalf.Store<TSign>(panel + PartBytes, 3, PanelHalf.Upper(p3), Offset);
            BlockRows.Transpose(block + 16 + (32 * pair) + 16, stride, out p0, out p1, out p2, out p3);
            PanelHalf.Store<TSign>(panel, 4, PanelHalf.Lower(p0), Offset);
            PanelHalf.Store<TSign>(panel + PartBytes, 4, PanelHalf.Upper(p0), Offset);
            PanelHalf.Store<TSign>(panel, 5, PanelHalf.Lower(p1), Offset);
            PanelHalf.Store<TSign>(panel + PartBytes, 5, PanelHalf.Upper(p1), Offset);
            PanelHalf.Store<TSign>(panel, 6, PanelHalf.Lower(p2), Offset);
            PanelHalf.Store<TSign>(panel + PartBytes, 6, PanelHalf.Upper(p2), Offset);
            PanelHalf.Store<TSign>(panel, 7, PanelHalf.Lower(p3), Offset);
            PanelHalf.Store<TSign>(panel + PartBytes, 7, PanelHalf.Upper(p3), Offset);
        }
    }
}
