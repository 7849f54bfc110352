using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PaliGguf.Products;

/// <summary>
/// How a type stores 32 weights of a row: a scale, a 16-bit float, and then the quantized weights. Each is read as an unsigned byte, which is the weight and
/// <see cref="Offset"/>: the processor multiplies unsigned bytes by signed ones.
/// </summary>
internal unsafe interface IWeightBlock
{
    /// <summary>The weights of a block.</summary>
    const int Length = 32;

    /// <summary>The bytes of a block.</summary>
    static abstract int Bytes { get; }

    /// <summary>What a byte is more than the weight that it stands for.</summary>
    static abstract int Offset { get; }

    /// <summary>Reads a block of each of 8 rows that lie a stride apart: of each four weights, first those of row 0, then those of row 1, and so on.</summary>
    static abstract void Load(
        byte* block, nint stride,
        out Vector256<byte> w0, out Vector256<byte> w1, out Vector256<byte> w2, out Vector256<byte> w3,
        out Vector256<byte> w4, out Vector256<byte> w5, out Vector256<byte> w6, out Vector256<byte> w7);
}

/// <summary>GGML_TYPE_Q8_0 (block_q8_0 in ggml-common.h): 32 signed bytes.</summary>
internal readonly unsafe struct Q8Block : IWeightBlock
{
    public static int Bytes => 34;

    public static int Offset => 128;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(
        byte* block, nint stride,
        out Vector256<byte> w0, out Vector256<byte> w1, out Vector256<byte> w2, out Vector256<byte> w3,
        out Vector256<byte> w4, out Vector256<byte> w5, out Vector256<byte> w6, out Vector256<byte> w7)
    {
        Vector256<byte> offset = Vector256.Create((byte)128);
        BlockRows.Transpose(block + 2, stride, out w0, out w1, out w2, out w3);
        BlockRows.Transpose(block + 18, stride, out w4, out w5, out w6, out w7);
        w0 ^= offset;
        w1 ^= offset;
        w2 ^= offset;
        w3 ^= offset;
        w4 ^= offset;
        w5 ^= offset;
        w6 ^= offset;
        w7 ^= offset;
    }
}

/// <summary>GGML_TYPE_Q4_0 (block_q4_0): 16 bytes, each weight 8 less than its half of a byte; weight i lies in the lower half of byte i, weight 16 + i in the upper one.</summary>
internal readonly unsafe struct Q4Block : IWeightBlock
{
    public static int Bytes => 18;

    public static int Offset => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(
        byte* block, nint stride,
        out Vector256<byte> w0, out Vector256<byte> w1, out Vector256<byte> w2, out Vector256<byte> w3,
        out Vector256<byte> w4, out Vector256<byte> w5, out Vector256<byte> w6, out Vector256<byte> w7)
    {
        BlockRows.Transpose(block + 2, stride, out Vector256<byte> p0, out Vector256<byte> p1, out Vector256<byte> p2, out Vector256<byte> p3);
        w0 = BlockRows.Lower(p0);
        w1 = BlockRows.Lower(p1);
        w2 = BlockRows.Lower(p2);
        w3 = BlockRows.Lower(p3);
        w4 = BlockRows.Upper(p0);
        w5 = BlockRows.Upper(p1);
        w6 = BlockRows.Upper(p2);
        w7 = BlockRows.Upper(p3);
    }
}

/// <summary>GGML_TYPE_IQ4_NL (block_iq4_nl): as Q4_0, but a half of a byte is the number of one of 16 levels (kvalues_iq4nl).</summary>
internal readonly unsafe struct NonLinear4Block : IWeightBlock
{
    public static int Bytes => 18;

    public static int Offset => 128;

    // The levels -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113, and the offset.
    private static Vector128<byte> Levels => Vector128.Create((byte)1, 24, 45, 63, 79, 93, 106, 118, 129, 141, 153, 166, 181, 197, 217, 241);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(
        byte* block, nint stride,
        out Vector256<byte> w0, out Vector256<byte> w1, out Vector256<byte> w2, out Vector256<byte> w3,
        out Vector256<byte> w4, out Vector256<byte> w5, out Vector256<byte> w6, out Vector256<byte> w7)
    {
        Q4Block.Load(block, stride, out w0, out w1, out w2, out w3, out w4, out w5, out w6, out w7);
        Vector256<byte> levels = Vector256.Create(Levels);
        w0 = Avx2.Shuffle(levels, w0);
        w1 = Avx2.Shuffle(levels, w1);
        w2 = Avx2.Shuffle(levels, w2);
        w3 = Avx2.Shuffle(levels, w3);
        w4 = Avx2.Shuffle(levels, w4);
        w5 = Avx2.Shuffle(levels, w5);
        w6 = Avx2.Shuffle(levels, w6);
        w7 = Avx2.Shuffle(levels, w7);
    }
}

/// <summary>Reading blocks of 8 rows at once.</summary>
internal static unsafe class BlockRows
{
    /// <summary>The scales of a block of each of 8 rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Scales(byte* block, nint stride)
    {
        Vector256<uint> low = Avx2.UnpackLow(Pair(block, stride, 0), Pair(block, stride, 1));
        Vector256<uint> high = Avx2.UnpackLow(Pair(block, stride, 2), Pair(block, stride, 3));
        Vector256<uint> half = Avx2.UnpackLow(low.AsUInt64(), high.AsUInt64()).AsUInt32();
        // A 16-bit float's bits, shifted to their places in a 32-bit one, make 2^-112 of it: the exponents' biases are 15 and 127.
        Vector256<float> magnitude = ((half & Vector256.Create(0x7fffu)) << 13).AsSingle() * Vector256.Create(5.192296858534828e33f);
        return (magnitude.AsUInt32() | ((half & Vector256.Create(0x8000u)) << 16)).AsSingle();
    }

    /// <summary>Of 16 bytes of each of 8 rows, the first four of each row, the next four, and so on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Transpose(byte* first, nint stride, out Vector256<byte> q0, out Vector256<byte> q1, out Vector256<byte> q2, out Vector256<byte> q3)
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Lower(Vector256<byte> packed) => packed & Vector256.Create((byte)15);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Upper(Vector256<byte> packed) => (packed.AsUInt32() >> 4).AsByte() & Vector256.Create((byte)15);

    /// <summary>16 bytes of a row and of the fourth after it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Pair(byte* first, nint stride, int row) =>
        Vector256.Create(Vector128.Load(first + (row * stride)), Vector128.Load(first + ((row + 4) * stride))).AsUInt32();
}
