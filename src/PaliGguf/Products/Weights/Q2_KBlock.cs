using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PaliGguf.Products;

/// <summary>
/// GGML_TYPE_Q2_K (block_q2_K): 256 weights of two bits, and for each 16 of them four bits of a scale and four of a minimum.
/// </summary>
internal readonly unsafe struct Q2_KBlock : ISuperBlock
{
    public static int Bytes => 84;

    public static int Bits => 2;

    public static int Offset => 0;

    public static int Groups => 2;

    public static bool Minima => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Read<TSink>(byte* block, nint stride, WeightMemory memory, float* scales)
        where TSink : struct, IWeightSink
    {
        BlockRows.Transpose(block, stride, out Vector256<byte> t0, out Vector256<byte> t1, out Vector256<byte> t2, out Vector256<byte> t3);
        Vector256<uint> units = BlockRows.Last(block + 68, stride);
        Vector256<float> scale = BlockRows.LowerHalf(units), minimum = -BlockRows.UpperHalf(units);
        Store(scale, minimum, t0, scales);
        Store(scale, minimum, t1, scales + (8 * Panel.Rows));
        Store(scale, minimum, t2, scales + (16 * Panel.Rows));
        Store(scale, minimum, t3, scales + (24 * Panel.Rows));
        for (int half = 0; half < 2; half++)
        {
            for (int group = 0; group < 2; group++)
            {
                BlockRows.Transpose(block + 16 + (32 * half) + (16 * group),
                    stride, out Vector256<byte> p0, out Vector256<byte> p1, out Vector256<byte> p2, out Vector256<byte> p3);
                for (int part = 0; part < 4; part++)
                {
                    TSink.Take(
                        memory, (4 * half) + part, group, Offset,
                        PanelHalf.Two(p0, 2 * part), PanelHalf.Two(p1, 2 * part), PanelHalf.Two(p2, 2 * part), PanelHalf.Two(p3, 2 * part));
                }
            }
        }
    }

    /// <summary>The scales of two parts and their minima: two, two, two, two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<float> scale, Vector256<float> minimum, Vector256<byte> four, float* scales)
    {
        Vector256<uint> low = PanelHalf.Lower(four).AsUInt32(), high = PanelHalf.Upper(four).AsUInt32();
        (scale * BlockRows.Byte(low, 0)).Store(scales);
        (scale * BlockRows.Byte(low, 1)).Store(scales + Panel.Rows);
        (minimum * BlockRows.Byte(high, 0)).Store(scales + (2 * Panel.Rows));
        (minimum * BlockRows.Byte(high, 1)).Store(scales + (3 * Panel.Rows));
        (scale * BlockRows.Byte(low, 2)).Store(scales + (4 * Panel.Rows));
        (scale * BlockRows.Byte(low, 3)).Store(scales + (5 * Panel.Rows));
        (minimum * BlockRows.Byte(high, 2)).Store(scales + (6 * Panel.Rows));
        (minimum * BlockRows.Byte(high, 3)).Store(scales + (7 * Panel.Rows));
    }
}
