using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PaliGguf.Products;

/// <summary>
/// GGML_TYPE_Q6_K (block_q6_K): 256 weights of six bits, 32 more than they stand for, and for each 16 of them a signed byte of a scale.
/// </summary>
internal readonly unsafe struct Q6_KBlock : ISuperBlock
{
    public static int Bytes => 210;

    public static int Bits => 6;

    public static int Offset => 32;

    public static int Groups => 2;

    public static bool Minima => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Read<TSink>(byte* block, nint stride, WeightMemory memory, float* scales)
        where TSink : struct, IWeightSink
    {
        BlockRows.Transpose(block + 192, stride, out Vector256<byte> scales0,
            out Vector256<byte> scales1, out Vector256<byte> scales2, out Vector256<byte> scales3);
        Vector256<float> scale = BlockRows.UpperHalf(BlockRows.Last(block + 194, stride));
        Store(scale, scales0, scales);
        Store(scale, scales1, scales + (4 * Panel.Rows));
        Store(scale, scales2, scales + (8 * Panel.Rows));
        Store(scale, scales3, scales + (12 * Panel.Rows));
        // Of each 128 weights, a byte has four bits of weights 64 apart, and another two bits of four weights 32 apart.
        for (int half = 0; half < 2; half++)
        {
            for (int group = 0; group < 2; group++)
            {
                byte* low = block + (64 * half) + (16 * group);
                BlockRows.Transpose(block + 128 + (32 * half) + (16 * group),
                    stride, out Vector256<byte> h0, out Vector256<byte> h1, out Vector256<byte> h2, out Vector256<byte> h3);
                BlockRows.Transpose(low, stride, out Vector256<byte> p0,
                    out Vector256<byte> p1, out Vector256<byte> p2, out Vector256<byte> p3);
                BlockRows.Transpose(low + 32, stride,
                    out Vector256<byte> r0, out Vector256<byte> r1, out Vector256<byte> r2, out Vector256<byte> r3);
                int part = 4 * half;
                TSink.Take(memory, part, group, Offset, First(p0, h0), First(p1, h1), First(p2, h2), First(p3, h3));
                TSink.Take(memory, part + 1, group, Offset, Second(r0, h0), Second(r1, h1), Second(r2, h2), Second(r3, h3));
                TSink.Take(memory, part + 2, group, Offset, Third(p0, h0), Third(p1, h1), Third(p2, h2), Third(p3, h3));
                TSink.Take(memory, part + 3, group, Offset, Fourth(r0, h0), Fourth(r1, h1), Fourth(r2, h2), Fourth(r3, h3));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> First(Vector256<byte> low, Vector256<byte> high) =>
        PanelHalf.Lower(low) | ((high & Vector256.Create((byte)0x03)).AsUInt32() << 4).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Second(Vector256<byte> low, Vector256<byte> high) =>
        PanelHalf.Lower(low) | ((high & Vector256.Create((byte)0x0C)).AsUInt32() << 2).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Third(Vector256<byte> low, Vector256<byte> high) =>
        PanelHalf.Upper(low) | (high & Vector256.Create((byte)0x30));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Fourth(Vector256<byte> low, Vector256<byte> high) =>
        PanelHalf.Upper(low) | ((high & Vector256.Create((byte)0xC0)).AsUInt32() >> 2).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<float> unit, Vector256<byte> four, float* scales)
    {
        (unit * BlockRows.SignedByte(four.AsUInt32(), 0)).Store(scales);
        (unit * BlockRows.SignedByte(four.AsUInt32(), 1)).Store(scales + Panel.Rows);
        (unit * BlockRows.SignedByte(four.AsUInt32(), 2)).Store(scales + (2 * Panel.Rows));
        (unit * BlockRows.SignedByte(four.AsUInt32(), 3)).Store(scales + (3 * Panel.Rows));
    }
}
