using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PaliGguf.Products;

/// <summary>A small block in a panel.</summary>
internal readonly unsafe struct SmallBlock<TBlock> : IWeightBlock
    where TBlock : struct, ISmallBlock
{
    public static int Length => Panel.BlockLength;

    public static int Bytes => TBlock.Bytes;

    public static int Bits => TBlock.Bits;

    public static int Offset => TBlock.Offset;

    public static int Groups => 1;

    public static bool Minima => TBlock.Minima;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSign>(byte* block, nint stride, byte* panel, float* scales, byte* ahead)
        where TSign : struct, IByteSign
    {
        for (nint line = 0; line < Panel.Rows / 2 * TBlock.Bytes; line += 64) Sse.Prefetch1(ahead + line);
        TBlock.LoadScales(block, stride, out Vector256<float> scale, out Vector256<float> minimum);
        scale.Store(scales);
        if (TBlock.Minima) minimum.Store(scales + Panel.Rows);
        TBlock.Load(
            block, stride,
            out Vector256<byte> w0, out Vector256<byte> w1, out Vector256<byte> w2, out Vector256<byte> w3,
            out Vector256<byte> w4, out Vector256<byte> w5, out Vector256<byte> w6, out Vector256<byte> w7);
        PanelHalf.Store<TSign>(panel, 0, w0, Offset);
        PanelHalf.Store<TSign>(panel, 1, w1, Offset);
        PanelHalf.Store<TSign>(panel, 2, w2, Offset);
        PanelHalf.Store<TSign>(panel, 3, w3, Offset);
        PanelHalf.Store<TSign>(panel, 4, w4, Offset);
        PanelHalf.Store<TSign>(panel, 5, w5, Offset);
        PanelHalf.Store<TSign>(panel, 6, w6, Offset);
        PanelHalf.Store<TSign>(panel, 7, w7, Offset);
    }
}
