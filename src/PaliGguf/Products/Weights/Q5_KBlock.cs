using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PaliGguf.Products;

/// <summary>GGML_TYPE_Q5_K (block_q5_K): as Q4_K, with the fifth bits of the weights of part n in the bits n of 32 bytes.</summary>
internal readonly unsafe struct Q5_KBlock : IWeightBlock
{
    public static int Length => 256;

    public static int Bytes => 176;

    public static int Bits => 5;

    public static int Offset => 0;

    public static int Groups => 1;

    public static bool Minima => true;

    private const int PartBytes = Panel.Rows * Panel.BlockLength;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSign>(byte* block, nint stride, byte* panel, float* scales)
        where TSign : struct, IByteSign
    {
        SixBitScales.Unpack(block, stride, scales);
        BlockRows.Transpose(block + 16, stride, out Vector256<byte> h0,
            out Vector256<byte> h1, out Vector256<byte> h2, out Vector256<byte> h3);
        BlockRows.Transpose(block + 32, stride, out Vector256<byte> h4,
            out Vector256<byte> h5, out Vector256<byte> h6, out Vector256<byte> h7);
        for (int pair = 0; pair < 4; pair++, panel += 2 * PartBytes)
        {
            BlockRows.Transpose(block + 48 + (32 * pair),
                stride, out Vector256<byte> p0, out Vector256<byte> p1, out Vector256<byte> p2, out Vector256<byte> p3);
            PanelHalf.Store<TSign>(panel, 0, PanelHalf.Lower(p0) | Fifth(h0, 2 * pair), Offset);
            PanelHalf.Store<TSign>(panel + PartBytes, 0, PanelHalf.Upper(p0) | Fifth(h0, (2 * pair) + 1), Offset);
            PanelHalf.Store<TSign>(panel, 1, PanelHalf.Lower(p1) | Fifth(h1, 2 * pair), Offset);
            PanelHalf.Store<TSign>(panel + PartBytes, 1, PanelHalf.Upper(p1) | Fifth(h1, (2 * pair) + 1), Offset);
            PanelHalf.Store<TSign>(panel, 2, PanelHalf.Lower(p2) | Fifth(h2, 2 * pair), Offset);
            PanelHalf.Store<TSign>(panel + PartBytes, 2, PanelHalf.Upper(p2) | Fifth(h2, (2 * pair) + 1), Offset);
            PanelHalf.Store<TSign>(panel, 3, PanelHalf.Lower(p3) | Fifth(h3, 2 * pair), Offset);
            PanelHalf.Store<TSign>(panel + PartBytes, 3, PanelHalf.Upper(p3) | Fifth(h3, (2 * pair) + 1), Offset);
            BlockRows.Transpose(block + 48 + (32 * pair) + 16, stride, out p0, out p1, out p2, out p3);
            PanelHalf.Store<TSign>(panel, 4, PanelHalf.Lower(p0) | Fifth(h4, 2 * pair), Offset);
            PanelHalf.Store<TSign>(panel + PartBytes, 4, PanelHalf.Upper(p0) | Fifth(h4, (2 * pair) + 1), Offset);
            PanelHalf.Store<TSign>(panel, 5, PanelHalf.Lower(p1) | Fifth(h5, 2 * pair), Offset);
            PanelHalf.Store<TSign>(panel + PartBytes, 5, PanelHalf.Upper(p1) | Fifth(h5, (2 * pair) + 1), Offset);
            PanelHalf.Store<TSign>(panel, 6, PanelHalf.Lower(p2) | Fifth(h6, 2 * pair), Offset);
            PanelHalf.Store<TSign>(panel + PartBytes, 6, PanelHalf.Upper(p2) | Fifth(h6, (2 * pair) + 1), Offset);
            PanelHalf.Store<TSign>(panel, 7, PanelHalf.Lower(p3) | Fifth(h7, 2 * pair), Offset);
            PanelHalf.Store<TSign>(panel + PartBytes, 7, PanelHalf.Upper(p3) | Fifth(h7, (2 * pair) + 1), Offset);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Fifth(Vector256<byte> bits, int part) =>
        (((bits.AsUInt32() >> part) & Vector256.Create(0x01010101u)) << 4).AsByte();
}
