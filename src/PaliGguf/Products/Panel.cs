using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PaliGguf.Products;

/// <summary>
/// The inner loops: 16 rows of a stored matrix against quantized rows. The weights are turned into bytes in the order in which they are used, a panel, as they are needed: so they stay
/// as they are stored, and many rows share the work.
/// </summary>
internal static unsafe class Panel
{
    /// <summary>The rows of the matrix that make a panel.</summary>
    public const int Rows = 16;

    private const int Half = Rows / 2;
    private const int BlockBytes = Rows * IWeightBlock.Length;
    private const int CacheLine = 64;

    // The blocks of a panel that are used before the next ones are unpacked: with four rows they fit into the smallest cache.
    private const int BlocksAtOnce = 48;

    /// <summary>Whether this processor has the instructions: a product of four bytes each in all lanes.</summary>
    public static bool IsSupported => AvxVnni.IsSupported && Fma.IsSupported;

    /// <summary>The bytes of what is unpacked of a panel at once, its scales included; a row of floats, which is normalized there before, has room too.</summary>
    public static nint Bytes(nint rowLength) => Math.Max(Math.Min(rowLength / IWeightBlock.Length, BlocksAtOnce) * (BlockBytes + (Rows * sizeof(float))), rowLength * sizeof(float));

    /// <summary>Multiplies 16 rows of a matrix with all of some rows.</summary>
    /// <param name="weights">The first of the stored rows.</param>
    /// <param name="rows">What they are multiplied with.</param>
    /// <param name="count">How many rows that is.</param>
    /// <param name="panel">Memory of <see cref="Bytes"/> for the panel.</param>
    /// <param name="products">Receives 16 floats for each row.</param>
    /// <param name="stride">How many floats the rows' products lie apart.</param>
    /// <param name="end">What becomes of the sums.</param>
    public static void Multiply<TBlock, TEnd>(byte* weights, QuantizedRows rows, nint count, byte* panel, float* products, nint stride, TEnd end)
        where TBlock : struct, IWeightBlock
        where TEnd : struct, IProductEnd<TEnd>
    {
        nint blocks = rows.Blocks;
        if (count == 1)
        {
            Once<TBlock, TEnd>(weights, blocks, rows.Values, rows.Scales, rows.Corrections, products, end);
            return;
        }

        nint weightStride = blocks * TBlock.Bytes;
        byte* next = weights + (Rows * weightStride);
        nint parts = (blocks + BlocksAtOnce - 1) / BlocksAtOnce;
        for (nint part = 0; part < parts; part++)
        {
            nint first = blocks * part / parts, some = (blocks * (part + 1) / parts) - first;
            float* scales = (float*)(panel + (some * BlockBytes));
            Unpack<TBlock>(weights + (first * TBlock.Bytes), weightStride, some, panel, scales, next + (first * Rows * TBlock.Bytes));
            PanelPart unpacked = new(panel, scales, first, some, blocks);
            nint row = 0;
            for (; row <= count - 4; row += 4) Tile<Four, TEnd>(unpacked, rows, row, products, stride, end);
            switch (count - row)
            {
                case 1:
                    Tile<One, TEnd>(unpacked, rows, row, products, stride, end);
                    break;
                case 2:
                    Tile<Two, TEnd>(unpacked, rows, row, products, stride, end);
                    break;
                case 3:
                    Tile<Three, TEnd>(unpacked, rows, row, products, stride, end);
                    break;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Unpack<TBlock>(byte* weights, nint stride, nint blocks, byte* panel, float* scales, byte* next)
        where TBlock : struct, IWeightBlock
    {
        for (nint block = 0; block < blocks; block++, weights += TBlock.Bytes, panel += BlockBytes, scales += Rows)
        {
            Prefetch<TBlock>(ref next);
            BlockRows.Scales(weights, stride).Store(scales);
            BlockRows.Scales(weights + (Half * stride), stride).Store(scales + Half);
            Unpack8<TBlock>(weights, stride, panel);
            Unpack8<TBlock>(weights + (Half * stride), stride, panel + Vector256<byte>.Count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Unpack8<TBlock>(byte* weights, nint stride, byte* panel)
        where TBlock : struct, IWeightBlock
    {
        TBlock.Load(
            weights, stride,
            out Vector256<byte> w0, out Vector256<byte> w1, out Vector256<byte> w2, out Vector256<byte> w3,
            out Vector256<byte> w4, out Vector256<byte> w5, out Vector256<byte> w6, out Vector256<byte> w7);
        w0.Store(panel);
        w1.Store(panel + 64);
        w2.Store(panel + 128);
        w3.Store(panel + 192);
        w4.Store(panel + 256);
        w5.Store(panel + 320);
        w6.Store(panel + 384);
        w7.Store(panel + 448);
    }

    /// <summary>The next panel's bytes, in the order of memory: the processor does not see sixteen rows as one stream.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch<TBlock>(ref byte* next)
        where TBlock : struct, IWeightBlock
    {
        for (nint line = 0; line < Rows * TBlock.Bytes; line += CacheLine) Sse.Prefetch0(next + line);
        next += Rows * TBlock.Bytes;
    }

    /// <summary>A single row is multiplied with the weights as they are read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Once<TBlock, TEnd>(byte* weights, nint blocks, sbyte* values, float* rowScales, int* corrections, float* products, TEnd end)
        where TBlock : struct, IWeightBlock
        where TEnd : struct, IProductEnd<TEnd>
    {
        nint stride = blocks * TBlock.Bytes;
        byte* next = weights + (Rows * stride);
        Vector256<float> sum0 = default, sum1 = default;
        for (nint block = 0; block < blocks; block++, weights += TBlock.Bytes, values += IWeightBlock.Length)
        {
            Prefetch<TBlock>(ref next);
            Vector256<int> correction = Vector256.Create(corrections[block]);
            Vector256<float> scale = Vector256.Create(rowScales[block]);
            sum0 = Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(Dot8<TBlock>(weights, stride, values, correction)), BlockRows.Scales(weights, stride) * scale, sum0);
            byte* second = weights + (Half * stride);
            sum1 = Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(Dot8<TBlock>(second, stride, values, correction)), BlockRows.Scales(second, stride) * scale, sum1);
        }

        end.Apply(0, ref sum0, ref sum1);
        sum0.Store(products);
        sum1.Store(products + Half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Dot8<TBlock>(byte* weights, nint stride, sbyte* values, Vector256<int> sum)
        where TBlock : struct, IWeightBlock
    {
        TBlock.Load(
            weights, stride,
            out Vector256<byte> w0, out Vector256<byte> w1, out Vector256<byte> w2, out Vector256<byte> w3,
            out Vector256<byte> w4, out Vector256<byte> w5, out Vector256<byte> w6, out Vector256<byte> w7);
        sum = Dot(sum, w0, values);
        sum = Dot(sum, w1, values + 4);
        sum = Dot(sum, w2, values + 8);
        sum = Dot(sum, w3, values + 12);
        sum = Dot(sum, w4, values + 16);
        sum = Dot(sum, w5, values + 20);
        sum = Dot(sum, w6, values + 24);
        return Dot(sum, w7, values + 28);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Dot(Vector256<int> sum, Vector256<byte> weights, sbyte* values) =>
        AvxVnni.MultiplyWideningAndAdd(sum, weights, Vector256.Create(*(int*)values).AsSByte());

    /// <summary>Up to four rows against a part of a panel, sums in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Tile<TRows, TEnd>(in PanelPart part, QuantizedRows rows, nint row, float* products, nint stride, TEnd end)
        where TRows : struct, IRowCount
        where TEnd : struct, IProductEnd<TEnd>
    {
        byte* panel = part.Values;
        float* scales = part.Scales;
        nint blocks = part.RowBlocks;
        nint length = rows.Length;
        sbyte* values = rows.Values + (row * length) + (part.First * IWeightBlock.Length);
        float* rowScales = rows.Scales + (row * blocks) + part.First;
        int* corrections = rows.Corrections + (row * blocks) + part.First;
        products += row * stride;
        Vector256<float> f00 = default, f01 = default, f10 = default, f11 = default, f20 = default, f21 = default, f30 = default, f31 = default;
        if (part.First > 0)
        {
            Load(products, out f00, out f01);
            if (TRows.Count > 1) Load(products + stride, out f10, out f11);
            if (TRows.Count > 2) Load(products + (2 * stride), out f20, out f21);
            if (TRows.Count > 3) Load(products + (3 * stride), out f30, out f31);
        }

        for (byte* last = panel + (part.Blocks * BlockBytes); panel < last; panel += BlockBytes, scales += Rows, values += IWeightBlock.Length, rowScales++, corrections++)
        {
            Vector256<int> a00 = default, a01 = default, a10 = default, a11 = default, a20 = default, a21 = default, a30 = default, a31 = default;
            a00 = a01 = Vector256.Create(corrections[0]);
            if (TRows.Count > 1) a10 = a11 = Vector256.Create(corrections[blocks]);
            if (TRows.Count > 2) a20 = a21 = Vector256.Create(corrections[2 * blocks]);
            if (TRows.Count > 3) a30 = a31 = Vector256.Create(corrections[3 * blocks]);
            Step<TRows>(panel, values, length, ref a00, ref a01, ref a10, ref a11, ref a20, ref a21, ref a30, ref a31);
            Step<TRows>(panel + 64, values + 4, length, ref a00, ref a01, ref a10, ref a11, ref a20, ref a21, ref a30, ref a31);
            Step<TRows>(panel + 128, values + 8, length, ref a00, ref a01, ref a10, ref a11, ref a20, ref a21, ref a30, ref a31);
            Step<TRows>(panel + 192, values + 12, length, ref a00, ref a01, ref a10, ref a11, ref a20, ref a21, ref a30, ref a31);
            Step<TRows>(panel + 256, values + 16, length, ref a00, ref a01, ref a10, ref a11, ref a20, ref a21, ref a30, ref a31);
            Step<TRows>(panel + 320, values + 20, length, ref a00, ref a01, ref a10, ref a11, ref a20, ref a21, ref a30, ref a31);
            Step<TRows>(panel + 384, values + 24, length, ref a00, ref a01, ref a10, ref a11, ref a20, ref a21, ref a30, ref a31);
            Step<TRows>(panel + 448, values + 28, length, ref a00, ref a01, ref a10, ref a11, ref a20, ref a21, ref a30, ref a31);
            Vector256<float> s0 = Vector256.Load(scales), s1 = Vector256.Load(scales + Half);
            Scale(a00, a01, s0, s1, rowScales[0], ref f00, ref f01);
            if (TRows.Count > 1) Scale(a10, a11, s0, s1, rowScales[blocks], ref f10, ref f11);
            if (TRows.Count > 2) Scale(a20, a21, s0, s1, rowScales[2 * blocks], ref f20, ref f21);
            if (TRows.Count > 3) Scale(a30, a31, s0, s1, rowScales[3 * blocks], ref f30, ref f31);
        }

        if (part.First + part.Blocks == blocks)
        {
            end.Apply(row, ref f00, ref f01);
            if (TRows.Count > 1) end.Apply(row + 1, ref f10, ref f11);
            if (TRows.Count > 2) end.Apply(row + 2, ref f20, ref f21);
            if (TRows.Count > 3) end.Apply(row + 3, ref f30, ref f31);
        }

        Store(products, f00, f01);
        if (TRows.Count > 1) Store(products + stride, f10, f11);
        if (TRows.Count > 2) Store(products + (2 * stride), f20, f21);
        if (TRows.Count > 3) Store(products + (3 * stride), f30, f31);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load(float* products, out Vector256<float> sums0, out Vector256<float> sums1)
    {
        sums0 = Vector256.Load(products);
        sums1 = Vector256.Load(products + Half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* products, Vector256<float> sums0, Vector256<float> sums1)
    {
        sums0.Store(products);
        sums1.Store(products + Half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<TRows>(
        byte* panel, sbyte* values, nint length,
        ref Vector256<int> a00, ref Vector256<int> a01, ref Vector256<int> a10, ref Vector256<int> a11,
        ref Vector256<int> a20, ref Vector256<int> a21, ref Vector256<int> a30, ref Vector256<int> a31)
        where TRows : struct, IRowCount
    {
        Vector256<byte> w0 = Vector256.Load(panel), w1 = Vector256.Load(panel + 32);
        Dots(ref a00, ref a01, w0, w1, values);
        if (TRows.Count > 1) Dots(ref a10, ref a11, w0, w1, values + length);
        if (TRows.Count > 2) Dots(ref a20, ref a21, w0, w1, values + (2 * length));
        if (TRows.Count > 3) Dots(ref a30, ref a31, w0, w1, values + (3 * length));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Dots(ref Vector256<int> sum0, ref Vector256<int> sum1, Vector256<byte> w0, Vector256<byte> w1, sbyte* values)
    {
        Vector256<sbyte> four = Vector256.Create(*(int*)values).AsSByte();
        sum0 = AvxVnni.MultiplyWideningAndAdd(sum0, w0, four);
        sum1 = AvxVnni.MultiplyWideningAndAdd(sum1, w1, four);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Scale(
        Vector256<int> dot0, Vector256<int> dot1, Vector256<float> scales0, Vector256<float> scales1, float rowScale, ref Vector256<float> sum0, ref Vector256<float> sum1)
    {
        Vector256<float> scale = Vector256.Create(rowScale);
        sum0 = Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(dot0), scales0 * scale, sum0);
        sum1 = Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(dot1), scales1 * scale, sum1);
    }

    /// <summary>Some blocks of a panel's rows, unpacked.</summary>
    private readonly struct PanelPart(byte* values, float* scales, nint first, nint blocks, nint rowBlocks)
    {
        public readonly byte* Values = values;
        public readonly float* Scales = scales;

        /// <summary>The first block.</summary>
        public readonly nint First = first;

        public readonly nint Blocks = blocks;

        /// <summary>The blocks of a whole row.</summary>
        public readonly nint RowBlocks = rowBlocks;
    }

    private interface IRowCount
    {
        static abstract int Count { get; }
    }

    private readonly struct One : IRowCount
    {
        public static int Count => 1;
    }

    private readonly struct Two : IRowCount
    {
        public static int Count => 2;
    }

    private readonly struct Three : IRowCount
    {
        public static int Count => 3;
    }

    private readonly struct Four : IRowCount
    {
        public static int Count => 4;
    }
}
