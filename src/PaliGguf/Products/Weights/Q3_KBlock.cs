using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PaliGguf.Products;

/// <summary>
/// GGML_TYPE_Q3_K (block_q3_K): 256 weights of three bits, 4 more than they stand for, whose third bits lie apart, and for each 16 of
/// them six bits of a scale, 32 more than it stands for.
/// </summary>
internal readonly unsafe struct Q3_KBlock : ISuperBlock
{
    public static int Bytes => 110;

    public static int Bits => 3;

    public static int Offset => 4;

    public static int Groups => 2;

    public static bool Minima => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Read<TSink>(byte* block, nint stride, WeightMemory memory, float* scales)
        where TSink : struct, IWeightSink
    {
        BlockRows.Transpose(block + 94, stride, out Vector256<byte> t0,
            out Vector256<byte> t1, out Vector256<byte> t2, out Vector256<byte> t3);
        Vector256<float> scale = BlockRows.UpperHalf(t3.AsUInt32());
        // The 12 bytes of scales begin in the middle of the first four.
        Vector256<byte> first = Joined(t0, t1), second = Joined(t1, t2), high = Joined(t2, t3);
        Store(scale, PanelHalf.Lower(first) | ((high & Vector256.Create((byte)0x03)).AsUInt32() << 4).AsByte(), scales);
        Store(scale, PanelHalf.Lower(second) | ((high & Vector256.Create((byte)0x0C)).AsUInt32() << 2).AsByte(), scales + (4 * Panel.Rows));
        Store(scale, PanelHalf.Upper(first) | (high & Vector256.Create((byte)0x30)), scales + (8 * Panel.Rows));
        Store(scale, PanelHalf.Upper(second) | ((high & Vector256.Create((byte)0xC0)).AsUInt32() >> 2).AsByte(),
            scales + (12 * Panel.Rows));
        for (int group = 0; group < 2; group++)
        {
            BlockRows.Transpose(block + (16 * group),
                stride, out Vector256<byte> h0, out Vector256<byte> h1, out Vector256<byte> h2, out Vector256<byte> h3);
            for (int half = 0; half < 2; half++)
            {
                BlockRows.Transpose(block + 32 + (32 * half) + (16 * group),
                    stride, out Vector256<byte> p0, out Vector256<byte> p1, out Vector256<byte> p2, out Vector256<byte> p3);
                for (int part = 0; part < 4; part++)
                {
                    int all = (4 * half) + part;
                    TSink.Take(
                        memory, all, group, Offset,
                        PanelHalf.Two(p0, 2 * part) | Third(h0, all), PanelHalf.Two(p1, 2 * part) | Third(h1, all),
                        PanelHalf.Two(p2, 2 * part) | Third(h2, all), PanelHalf.Two(p3, 2 * part) | Third(h3, all));
                }
            }
        }
    }

    /// <summary>The bit of a part as the third of its weights'.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Third(Vector256<byte> bits, int part) =>
        (((bits.AsUInt32() >> part) & Vector256.Create(0x01010101u)) << 2).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Joined(Vector256<byte> low, Vector256<byte> high) =>
        ((low.AsUInt32() >> 16) | (high.AsUInt32() << 16)).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<float> unit, Vector256<byte> four, float* scales)
    {
        Vector256<float> middle = Vector256.Create(32f);
        (unit * (BlockRows.Byte(four.AsUInt32(), 0) - middle)).Store(scales);
        (unit * (BlockRows.Byte(four.AsUInt32(), 1) - middle)).Store(scales + Panel.Rows);
        (unit * (BlockRows.Byte(four.AsUInt32(), 2) - middle)).Store(scales + (2 * Panel.Rows));
        (unit * (BlockRows.Byte(four.AsUInt32(), 3) - middle)).Store(scales + (3 * Panel.Rows));
    }
}
