using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PaliGguf.Products;

/// <summary>
/// The scales and minima of Q4_K and Q5_K (get_scale_min_k4 in ggml-quants.c) of 8 rows: two 16-bit floats, then 12 bytes with six bits
/// of each of 8 scales and 8 minima.
/// </summary>
internal static unsafe class SixBitScales
{
    private const int Record = 2 * Panel.Rows;

    /// <summary>Writes a scale and a minimum for each 32 weights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Unpack(byte* block, nint stride, float* scales)
    {
        BlockRows.Transpose(block, stride, out Vector256<byte> head,
            out Vector256<byte> first, out Vector256<byte> second, out Vector256<byte> third);
        Vector256<byte> six = Vector256.Create((byte)63);
        Vector256<float> scale = BlockRows.LowerHalf(head.AsUInt32()), minimum = -BlockRows.UpperHalf(head.AsUInt32());
        Store(scale, first & six, scales);
        Store(minimum, second & six, scales + Panel.Rows);
        scales += 4 * Record;
        Store(scale, PanelHalf.Lower(third) | Upper(first), scales);
        Store(minimum, PanelHalf.Upper(third) | Upper(second), scales + Panel.Rows);
    }

    /// <summary>The two upper bits of each byte, as the upper of six.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Upper(Vector256<byte> bytes) => ((bytes & Vector256.Create((byte)0xC0)).AsUInt32() >> 2).AsByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<float> unit, Vector256<byte> four, float* scales)
    {
        (unit * BlockRows.Byte(four.AsUInt32(), 0)).Store(scales);
        (unit * BlockRows.Byte(four.AsUInt32(), 1)).Store(scales + Record);
        (unit * BlockRows.Byte(four.AsUInt32(), 2)).Store(scales + (2 * Record));
        (unit * BlockRows.Byte(four.AsUInt32(), 3)).Store(scales + (3 * Record));
    }
}
