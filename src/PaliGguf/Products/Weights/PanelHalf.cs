using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PaliGguf.Products;

/// <summary>Half of a panel: the columns of 8 rows of a matrix.</summary>
internal static unsafe class PanelHalf
{
    /// <summary>Four weights of each row.</summary>
    public const int Bytes = 32;

    /// <summary>From four weights to the next four.</summary>
    private const int Quad = 64;

    /// <summary>Stores four weights of each row, by their number in the block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TSign>(byte* panel, int quad, Vector256<byte> weights, int offset)
        where TSign : struct, IByteSign => TSign.Of(weights, offset).Store(panel + (quad * Quad));

    /// <summary>
    /// The bits of four weights each as bytes: of a lane's 32 bits those from 4 * quad on, each as <paramref name="value"/> where it is
    /// set.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Bits(Vector256<uint> lanes, int quad, byte value)
    {
        byte source = (byte)(quad / 2);
        Vector256<uint> all =
            Vector256.Create(0x01010101u * source) + Vector256.Create(Vector128.Create(0u, 0x04040404, 0x08080808, 0x0C0C0C0C));
        Vector256<byte> spread = Avx2.Shuffle(lanes.AsByte(), all.AsByte());
        Vector256<byte> mask = Vector256.Create(quad % 2 == 0 ? 0x08040201u : 0x80402010u).AsByte();
        return Vector256.Equals(spread & mask, mask) & Vector256.Create(value);
    }

    /// <summary>The lower half of each byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Lower(Vector256<byte> packed) => packed & Vector256.Create((byte)15);

    /// <summary>The upper half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Upper(Vector256<byte> packed) => (packed.AsUInt32() >> 4).AsByte() & Vector256.Create((byte)15);

    /// <summary>Two bits of each byte, from a bit on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Two(Vector256<byte> packed, int from) => (packed.AsUInt32() >> from).AsByte() & Vector256.Create((byte)3);
}
