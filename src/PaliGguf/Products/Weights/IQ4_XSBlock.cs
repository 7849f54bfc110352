using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PaliGguf.Products;

/// <summary>
/// GGML_TYPE_IQ4_XS (block_iq4_xs): 256 weights as in IQ4_NL, a 16-bit scale, and for each 32 of them six bits of a scale that is 32 more
/// than it stands for.
/// </summary>
internal readonly unsafe struct IQ4_XSBlock : ISuperBlock
{
    public static int Bytes => 136;

    public static int Bits => 8;

    public static int Offset => 128;

    public static int Groups => 1;

    public static bool Minima => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Read<TSink>(byte* block, nint stride, WeightMemory memory, float* scales)
        where TSink : struct, IWeightSink
    {
        Vector256<byte> levels = NonLinearLevels.Bytes;
        BlockRows.Transpose(block, stride, out Vector256<byte> head, out Vector256<byte> lower, out _, out _);
        Vector256<float> scale = BlockRows.LowerHalf(head.AsUInt32());
        Vector256<uint> high = head.AsUInt32() >> 16;
        for (int part = 0; part < 8; part++, scales += Panel.Rows)
        {
            Vector256<uint> six =
                ((lower.AsUInt32() >> (4 * part)) & Vector256.Create(15u)) | (((high >> (2 * part)) & Vector256.Create(3u)) << 4);
            (scale * Vector256.ConvertToSingle(six.AsInt32() - Vector256.Create(32))).Store(scales);
            BlockRows.Transpose(block + 8 + (16 * part),
                stride, out Vector256<byte> p0, out Vector256<byte> p1, out Vector256<byte> p2, out Vector256<byte> p3);
            TSink.Take(
                memory, part, 0, Offset,
                Avx2.Shuffle(levels, PanelHalf.Lower(p0)), Avx2.Shuffle(levels, PanelHalf.Lower(p1)),
                Avx2.Shuffle(levels, PanelHalf.Lower(p2)), Avx2.Shuffle(levels, PanelHalf.Lower(p3)));
            TSink.Take(
                memory, part, 1, Offset,
                Avx2.Shuffle(levels, PanelHalf.Upper(p0)), Avx2.Shuffle(levels, PanelHalf.Upper(p1)),
                Avx2.Shuffle(levels, PanelHalf.Upper(p2)), Avx2.Shuffle(levels, PanelHalf.Upper(p3)));
        }
    }
}
