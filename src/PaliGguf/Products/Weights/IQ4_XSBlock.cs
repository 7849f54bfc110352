using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PaliGguf.Products;

/// <summary>
/// GGML_TYPE_IQ4_XS (block_iq4_xs): 256 weights as in IQ4_NL, a 16-bit scale, and for each 32 of them six bits of a scale that is 32 more
/// than it stands for.
/// </summary>
internal readonly unsafe struct IQ4_XSBlock : IWeightBlock
{
    public static int Length => 256;

    public static int Bytes => 136;

    public static int Bits => 8;

    public static int Offset => 128;

    public static int Groups => 1;

    public static bool Minima => false;

    private const int PartBytes = Panel.Rows * Panel.BlockLength;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSign>(byte* block, nint stride, byte* panel, float* scales)
        where TSign : struct, IByteSign
    {
        Vector256<byte> levels = NonLinearLevels.Bytes;
        BlockRows.Transpose(block, stride, out Vector256<byte> head, out Vector256<byte> lower, out _, out _);
        Vector256<float> scale = BlockRows.LowerHalf(head.AsUInt32());
        Vector256<uint> high = head.AsUInt32() >> 16;
        for (int part = 0; part < Length / Panel.BlockLength; part++, panel += PartBytes, scales += Panel.Rows)
        {
            Vector256<uint> six =
                ((lower.AsUInt32() >> (4 * part)) & Vector256.Create(15u)) | (((high >> (2 * part)) & Vector256.Create(3u)) << 4);
            (scale * Vector256.ConvertToSingle(six.AsInt32() - Vector256.Create(32))).Store(scales);
            BlockRows.Transpose(block + 8 + (16 * part),
                stride, out Vector256<byte> p0, out Vector256<byte> p1, out Vector256<byte> p2, out Vector256<byte> p3);
            PanelHalf.Store<TSign>(panel, 0, Avx2.Shuffle(levels, PanelHalf.Lower(p0)), Offset);
            PanelHalf.Store<TSign>(panel, 1, Avx2.Shuffle(levels, PanelHalf.Lower(p1)), Offset);
            PanelHalf.Store<TSign>(panel, 2, Avx2.Shuffle(levels, PanelHalf.Lower(p2)), Offset);
            PanelHalf.Store<TSign>(panel, 3, Avx2.Shuffle(levels, PanelHalf.Lower(p3)), Offset);
            PanelHalf.Store<TSign>(panel, 4, Avx2.Shuffle(levels, PanelHalf.Upper(p0)), Offset);
            PanelHalf.Store<TSign>(panel, 5, Avx2.Shuffle(levels, PanelHalf.Upper(p1)), Offset);
            PanelHalf.Store<TSign>(panel, 6, Avx2.Shuffle(levels, PanelHalf.Upper(p2)), Offset);
            PanelHalf.Store<TSign>(panel, 7, Avx2.Shuffle(levels, PanelHalf.Upper(p3)), Offset);
        }
    }
}
