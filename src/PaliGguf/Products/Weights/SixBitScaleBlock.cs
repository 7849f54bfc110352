using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PaliGguf.Products;

/// <summary>
/// GGML_TYPE_Q4_K and Q5_K (block_q4_K, block_q5_K): 256 weights with <see cref="SixBitScales"/>, in Q5_K 32 bytes of fifth bits, those
/// of part n in the bits n, and 128 bytes: of each 64 weights, the first 32 lie in the lower halves of 32 bytes.
/// </summary>
internal readonly unsafe struct SixBitScaleBlock<TFifths> : IWeightBlock
    where TFifths : struct
{
    public static int Length => 256;

    public static int Bytes => ScaleBytes + (typeof(TFifths) == typeof(Present) ? 32 : 0) + 128;

    public static int Bits => typeof(TFifths) == typeof(Present) ? 5 : 4;

    public static int Offset => 0;

    public static int Groups => 1;

    public static bool Minima => true;

    private const int ScaleBytes = 16;
    private const int PartBytes = Panel.Rows * Panel.BlockLength;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack<TSign>(byte* block, nint stride, byte* panel, float* scales)
        where TSign : struct, IByteSign
    {
        SixBitScales.Unpack(block, stride, scales);
        UnpackQuads<TSign>(block, stride, panel, 0);
        UnpackQuads<TSign>(block, stride, panel, 4);
    }

    /// <summary>Unpacks 16 weights of each part, from a quad on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void UnpackQuads<TSign>(byte* block, nint stride, byte* panel, int quad)
        where TSign : struct, IByteSign
    {
        Vector256<byte> h0 = default, h1 = default, h2 = default, h3 = default;
        if (typeof(TFifths) == typeof(Present))
            BlockRows.Transpose(block + ScaleBytes + (4 * quad), stride, out h0, out h1, out h2, out h3);
        byte* halves = block + Bytes - 128 + (4 * quad);
        for (int pair = 0; pair < 4; pair++, halves += 32, panel += 2 * PartBytes)
        {
            BlockRows.Transpose(
                halves, stride, out Vector256<byte> p0, out Vector256<byte> p1, out Vector256<byte> p2, out Vector256<byte> p3);
            Store<TSign>(panel, quad, p0, h0, pair);
            Store<TSign>(panel, quad + 1, p1, h1, pair);
            Store<TSign>(panel, quad + 2, p2, h2, pair);
            Store<TSign>(panel, quad + 3, p3, h3, pair);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TSign>(byte* panel, int quad, Vector256<byte> halves, Vector256<byte> fifths, int pair)
        where TSign : struct, IByteSign
    {
        Vector256<byte> lower = PanelHalf.Lower(halves), upper = PanelHalf.Upper(halves);
        if (typeof(TFifths) == typeof(Present))
        {
            lower |= Fifth(fifths, 2 * pair);
            upper |= Fifth(fifths, (2 * pair) + 1);
        }

        PanelHalf.Store<TSign>(panel, quad, lower, Offset);
        PanelHalf.Store<TSign>(panel + PartBytes, quad, upper, Offset);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Fifth(Vector256<byte> bits, int part) =>
        (((bits.AsUInt32() >> part) & Vector256.Create(0x01010101u)) << 4).AsByte();
}
