using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PaliGguf.Products;

/// <summary>
/// GGML_TYPE_Q4_K and Q5_K (block_q4_K, block_q5_K): 256 weights with <see cref="SixBitScales"/>, in Q5_K 32 bytes of fifth bits, those
/// of part n in the bits n, and 128 bytes: of each 64 weights, the first 32 lie in the lower halves of 32 bytes.
/// </summary>
internal readonly unsafe struct SixBitScaleBlock<TFifths> : ISuperBlock
    where TFifths : struct
{
    public static int Bytes => ScaleBytes + (typeof(TFifths) == typeof(Present) ? 32 : 0) + 128;

    public static int Bits => typeof(TFifths) == typeof(Present) ? 5 : 4;

    public static int Offset => 0;

    public static int Groups => 1;

    public static bool Minima => true;

    private const int ScaleBytes = 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Read<TSink>(byte* block, nint stride, WeightMemory memory, float* scales)
        where TSink : struct, IWeightSink
    {
        SixBitScales.Unpack(block, stride, scales);
        for (int half = 0; half < 2; half++)
        {
            Vector256<byte> h0 = default, h1 = default, h2 = default, h3 = default;
            if (typeof(TFifths) == typeof(Present))
                BlockRows.Transpose(block + ScaleBytes + (16 * half), stride, out h0, out h1, out h2, out h3);
            byte* halves = block + ScaleBytes + (typeof(TFifths) == typeof(Present) ? 32 : 0) + (16 * half);
            for (int pair = 0; pair < 4; pair++, halves += 32)
            {
                BlockRows.Transpose(
                    halves, stride, out Vector256<byte> p0, out Vector256<byte> p1, out Vector256<byte> p2, out Vector256<byte> p3);
                int part = 2 * pair;
                TSink.Take(memory, part, half, Offset, Lower(p0, h0, part), Lower(p1, h1, part), Lower(p2, h2, part), Lower(p3, h3, part));
                part++;
                TSink.Take(memory, part, half, Offset, Upper(p0, h0, part), Upper(p1, h1, part), Upper(p2, h2, part), Upper(p3, h3, part));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Lower(Vector256<byte> halves, Vector256<byte> fifths, int part) =>
        typeof(TFifths) == typeof(Present) ? PanelHalf.Lower(halves) | Fifth(fifths, part) : PanelHalf.Lower(halves);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Upper(Vector256<byte> halves, Vector256<byte> fifths, int part) =>
        typeof(TFifths) == typeof(Present) ? PanelHalf.Upper(halves) | Fifth(fifths, part) : PanelHalf.Upper(halves);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Fifth(Vector256<byte> bits, int part) =>
        (((bits.AsUInt32() >> part) & Vector256.Create(0x01010101u)) << 4).AsByte();
}
