using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PaliGguf.Products;

/// <summary>Reading blocks of 8 rows at once.</summary>
internal static unsafe class BlockRows
{
    /// <summary>Of 16 bytes of each of 8 rows, the first four of each row, the next four, and so on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(
        byte* first, nint stride, out Vector256<byte> q0, out Vector256<byte> q1, out Vector256<byte> q2, out Vector256<byte> q3)
    {
        Vector256<uint> a = Pair(first, stride, 0), b = Pair(first, stride, 1), c = Pair(first, stride, 2), d = Pair(first, stride, 3);
        Vector256<ulong> ab = Avx2.UnpackLow(a, b).AsUInt64(), cd = Avx2.UnpackLow(c, d).AsUInt64();
        q0 = Avx2.UnpackLow(ab, cd).AsByte();
        q1 = Avx2.UnpackHigh(ab, cd).AsByte();
        ab = Avx2.UnpackHigh(a, b).AsUInt64();
        cd = Avx2.UnpackHigh(c, d).AsUInt64();
        q2 = Avx2.UnpackLow(ab, cd).AsByte();
        q3 = Avx2.UnpackHigh(ab, cd).AsByte();
    }

    /// <summary>The first four bytes of 16 of each of 8 rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> First(byte* first, nint stride)
    {
        Vector256<uint> low = Avx2.UnpackLow(Pair(first, stride, 0), Pair(first, stride, 1));
        Vector256<uint> high = Avx2.UnpackLow(Pair(first, stride, 2), Pair(first, stride, 3));
        return Avx2.UnpackLow(low.AsUInt64(), high.AsUInt64()).AsUInt32();
    }

    /// <summary>The last four bytes of 16 of each of 8 rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<uint> Last(byte* first, nint stride)
    {
        Vector256<uint> low = Avx2.UnpackHigh(Pair(first, stride, 0), Pair(first, stride, 1));
        Vector256<uint> high = Avx2.UnpackHigh(Pair(first, stride, 2), Pair(first, stride, 3));
        return Avx2.UnpackHigh(low.AsUInt64(), high.AsUInt64()).AsUInt32();
    }

    /// <summary>The lower 16 bits of each lane as a 16-bit float.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> LowerHalf(Vector256<uint> lanes)
    {
        Vector256<float> magnitude = ((lanes & Vector256.Create(0x7fffu)) << 13).AsSingle() * Vector256.Create(HalfFloats.Unit);
        return (magnitude.AsUInt32() | ((lanes & Vector256.Create(0x8000u)) << 16)).AsSingle();
    }

    /// <summary>The upper 16 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> UpperHalf(Vector256<uint> lanes) => LowerHalf(lanes >> 16);

    /// <summary>An unsigned byte of each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Byte(Vector256<uint> lanes, int index) =>
        Vector256.ConvertToSingle(((lanes >> (8 * index)) & Vector256.Create(255u)).AsInt32());

    /// <summary>A signed byte of each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> SignedByte(Vector256<uint> lanes, int index) =>
        Vector256.ConvertToSingle((lanes << (24 - (8 * index))).AsInt32() >> 24);

    /// <summary>16 bytes of a row and of the fourth after it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Pair(byte* first, nint stride, int row) =>
        Vector256.Create(Vector128.Load(first + (row * stride)), Vector128.Load(first + ((row + 4) * stride))).AsUInt32();
}
