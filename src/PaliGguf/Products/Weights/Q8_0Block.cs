using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PaliGguf.Products;

/// <summary>GGML_TYPE_Q8_0 (block_q8_0): a 16-bit scale and 32 signed bytes.</summary>
internal readonly unsafe struct Q8_0Block : ISmallBlock
{
    public static int Bytes => 34;

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
        Vector256<byte> flip = Vector256.Create((byte)Offset);
        BlockRows.Transpose(block + 2, stride, out w0, out w1, out w2, out w3);
        BlockRows.Transpose(block + 18, stride, out w4, out w5, out w6, out w7);
        w0 ^= flip;
        w1 ^= flip;
        w2 ^= flip;
        w3 ^= flip;
        w4 ^= flip;
        w5 ^= flip;
        w6 ^= flip;
        w7 ^= flip;
    }
}
