using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PaliGguf.Products;

/// <summary>The loops over a tile in vectors of 256 bits: up to four rows, sums in registers.</summary>
internal static unsafe class VectorTile
{
    /// <summary>The most rows at once.</summary>
    public const int Rows = 4;

    private const int Half = Panel.Rows / 2;
    private const int BlockBytes = Panel.Rows * Panel.BlockLength;

    public static void Multiply<TDots>(TileShape shape, int rows, Tile* tile)
        where TDots : struct, IByteDots
    {
        if (shape.IsFloats) OfFloats(rows, tile);
        else if (shape is { Groups: 1, Minima: false }) Of<TDots, OneScale>(rows, tile);
        else if (shape is { Groups: 1 }) Of<TDots, OneScaleAndMinimum>(rows, tile);
        else if (shape is { Minima: false }) Of<TDots, TwoScales>(rows, tile);
        else Of<TDots, TwoScalesAndMinima>(rows, tile);
    }

    private static void Of<TDots, TBlock>(int rows, Tile* tile)
        where TDots : struct, IByteDots
        where TBlock : struct, IBlockForm
    {
        switch (rows)
        {
            case 1:
                Of<TDots, TBlock, One>(tile);
                break;
            case 2:
                Of<TDots, TBlock, Two>(tile);
                break;
            case 3:
                Of<TDots, TBlock, Three>(tile);
                break;
            default:
                Of<TDots, TBlock, FourRows>(tile);
                break;
        }
    }

    private static void OfFloats(int rows, Tile* tile)
    {
        switch (rows)
        {
            case 1:
                OfFloats<One>(tile);
                break;
            case 2:
                OfFloats<Two>(tile);
                break;
            case 3:
                OfFloats<Three>(tile);
                break;
            default:
                OfFloats<FourRows>(tile);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Of<TDots, TBlock, TRows>(Tile* tile)
        where TDots : struct, IByteDots
        where TBlock : struct, IBlockForm
        where TRows : struct, IRowCount
    {
        Vector256<float> sum00 = default, sum01 = default,
            sum10 = default, sum11 = default, sum20 = default, sum21 = default, sum30 = default, sum31 = default;
        if (tile->Begun != 0)
        {
            Load(tile, 0, ref sum00, ref sum01);
            if (TRows.Count > 1) Load(tile, 1, ref sum10, ref sum11);
            if (TRows.Count > 2) Load(tile, 2, ref sum20, ref sum21);
            if (TRows.Count > 3) Load(tile, 3, ref sum30, ref sum31);
        }

        byte* panel = tile->Panel;
        float* scales = tile->Scales;
        sbyte* values = (sbyte*)tile->Values;
        float* rowScales = (float*)tile->RowScales;
        for (byte* last = panel + (tile->Blocks * BlockBytes);
            panel < last;
            panel += BlockBytes, values += RowRecord.Bytes, rowScales += RowRecord.Bytes / sizeof(float))
        {
            int* corrections = (int*)(rowScales + ((RowRecord.Corrections - RowRecord.Scales) / sizeof(float)));
            Vector256<int> a00 = default, a01 = default,
                a10 = default, a11 = default, a20 = default, a21 = default, a30 = default, a31 = default;
            a00 = a01 = Vector256.Create(corrections[0]);
            if (TRows.Count > 1) a10 = a11 = Vector256.Create(corrections[1]);
            if (TRows.Count > 2) a20 = a21 = Vector256.Create(corrections[2]);
            if (TRows.Count > 3) a30 = a31 = Vector256.Create(corrections[3]);
            Dots<TDots, TRows>(panel, values, ref a00, ref a01, ref a10, ref a11, ref a20, ref a21, ref a30, ref a31);
            Vector256<float> s0 = Vector256.Load(scales), s1 = Vector256.Load(scales + Half);
            scales += Panel.Rows;
            Vector256<float> f00 = default, f01 = default,
                f10 = default, f11 = default, f20 = default, f21 = default, f30 = default, f31 = default;
            if (TBlock.Groups == 2)
            {
                f00 = Vector256.ConvertToSingle(a00) * s0;
                f01 = Vector256.ConvertToSingle(a01) * s1;
                if (TRows.Count > 1) (f10, f11) = (Vector256.ConvertToSingle(a10) * s0, Vector256.ConvertToSingle(a11) * s1);
                if (TRows.Count > 2) (f20, f21) = (Vector256.ConvertToSingle(a20) * s0, Vector256.ConvertToSingle(a21) * s1);
                if (TRows.Count > 3) (f30, f31) = (Vector256.ConvertToSingle(a30) * s0, Vector256.ConvertToSingle(a31) * s1);
                corrections += RowRecord.Rows;
                a00 = a01 = Vector256.Create(corrections[0]);
                if (TRows.Count > 1) a10 = a11 = Vector256.Create(corrections[1]);
                if (TRows.Count > 2) a20 = a21 = Vector256.Create(corrections[2]);
                if (TRows.Count > 3) a30 = a31 = Vector256.Create(corrections[3]);
                s0 = Vector256.Load(scales);
                s1 = Vector256.Load(scales + Half);
                scales += Panel.Rows;
            }

            Dots<TDots, TRows>(panel + 256, values + 16, ref a00, ref a01, ref a10, ref a11, ref a20, ref a21, ref a30, ref a31);
            Scale<TBlock>(a00, a01, s0, s1, rowScales[0], ref f00, ref f01, ref sum00, ref sum01);
            if (TRows.Count > 1) Scale<TBlock>(a10, a11, s0, s1, rowScales[1], ref f10, ref f11, ref sum10, ref sum11);
            if (TRows.Count > 2) Scale<TBlock>(a20, a21, s0, s1, rowScales[2], ref f20, ref f21, ref sum20, ref sum21);
            if (TRows.Count > 3) Scale<TBlock>(a30, a31, s0, s1, rowScales[3], ref f30, ref f31, ref sum30, ref sum31);
            if (!TBlock.Minima) continue;
            float* rowSums = rowScales + ((RowRecord.Sums - RowRecord.Scales) / sizeof(float));
            for (int group = 0; group < TBlock.Groups; group++, scales += Panel.Rows, rowSums += RowRecord.Rows)
            {
                Vector256<float> m0 = Vector256.Load(scales), m1 = Vector256.Load(scales + Half);
                Add(m0, m1, rowSums[0], ref sum00, ref sum01);
                if (TRows.Count > 1) Add(m0, m1, rowSums[1], ref sum10, ref sum11);
                if (TRows.Count > 2) Add(m0, m1, rowSums[2], ref sum20, ref sum21);
                if (TRows.Count > 3) Add(m0, m1, rowSums[3], ref sum30, ref sum31);
            }
        }

        Store(tile, 0, sum00, sum01);
        if (TRows.Count > 1) Store(tile, 1, sum10, sum11);
        if (TRows.Count > 2) Store(tile, 2, sum20, sum21);
        if (TRows.Count > 3) Store(tile, 3, sum30, sum31);
    }

    /// <summary>Half a block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Dots<TDots, TRows>(
        byte* panel, sbyte* values,
        ref Vector256<int> a00, ref Vector256<int> a01, ref Vector256<int> a10, ref Vector256<int> a11,
        ref Vector256<int> a20, ref Vector256<int> a21, ref Vector256<int> a30, ref Vector256<int> a31)
        where TDots : struct, IByteDots
        where TRows : struct, IRowCount
    {
        if (TDots.ByFour)
        {
            Four<TDots, TRows>(panel, values, ref a00, ref a01, ref a10, ref a11, ref a20, ref a21, ref a30, ref a31);
            Four<TDots, TRows>(panel + 64, values + 4, ref a00, ref a01, ref a10, ref a11, ref a20, ref a21, ref a30, ref a31);
            Four<TDots, TRows>(panel + 128, values + 8, ref a00, ref a01, ref a10, ref a11, ref a20, ref a21, ref a30, ref a31);
            Four<TDots, TRows>(panel + 192, values + 12, ref a00, ref a01, ref a10, ref a11, ref a20, ref a21, ref a30, ref a31);
            return;
        }

        Dots<TDots, TRows>(panel, values, ref a00, ref a10, ref a20, ref a30);
        Dots<TDots, TRows>(panel + 32, values, ref a01, ref a11, ref a21, ref a31);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four<TDots, TRows>(
        byte* panel, sbyte* values,
        ref Vector256<int> a00, ref Vector256<int> a01, ref Vector256<int> a10, ref Vector256<int> a11,
        ref Vector256<int> a20, ref Vector256<int> a21, ref Vector256<int> a30, ref Vector256<int> a31)
        where TDots : struct, IByteDots
        where TRows : struct, IRowCount
    {
        Vector256<byte> w0 = Vector256.Load(panel), w1 = Vector256.Load(panel + 32);
        Four<TDots>(w0, w1, values, ref a00, ref a01);
        if (TRows.Count > 1) Four<TDots>(w0, w1, values + RowRecord.ValueStride, ref a10, ref a11);
        if (TRows.Count > 2) Four<TDots>(w0, w1, values + (2 * RowRecord.ValueStride), ref a20, ref a21);
        if (TRows.Count > 3) Four<TDots>(w0, w1, values + (3 * RowRecord.ValueStride), ref a30, ref a31);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four<TDots>(Vector256<byte> w0, Vector256<byte> w1, sbyte* values, ref Vector256<int> sum0, ref Vector256<int> sum1)
        where TDots : struct, IByteDots
    {
        Vector256<sbyte> four = Quad.Of(values);
        sum0 = TDots.Add(sum0, w0, four);
        sum1 = TDots.Add(sum1, w1, four);
    }

    /// <summary>Half a block's first or last 8 columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Dots<TDots, TRows>(
        byte* panel, sbyte* values, ref Vector256<int> a0, ref Vector256<int> a1, ref Vector256<int> a2, ref Vector256<int> a3)
        where TDots : struct, IByteDots
        where TRows : struct, IRowCount
    {
        Vector256<byte> w0 = Vector256.Load(panel),
            w1 = Vector256.Load(panel + 64), w2 = Vector256.Load(panel + 128), w3 = Vector256.Load(panel + 192);
        a0 = TDots.Add(a0, w0, w1, w2, w3, values);
        if (TRows.Count > 1) a1 = TDots.Add(a1, w0, w1, w2, w3, values + RowRecord.ValueStride);
        if (TRows.Count > 2) a2 = TDots.Add(a2, w0, w1, w2, w3, values + (2 * RowRecord.ValueStride));
        if (TRows.Count > 3) a3 = TDots.Add(a3, w0, w1, w2, w3, values + (3 * RowRecord.ValueStride));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Scale<TBlock>(
        Vector256<int> dot0, Vector256<int> dot1, Vector256<float> scales0, Vector256<float> scales1, float rowScale,
        ref Vector256<float> first0, ref Vector256<float> first1, ref Vector256<float> sum0, ref Vector256<float> sum1)
        where TBlock : struct, IBlockForm
    {
        Vector256<float> scaled0 = Vector256.ConvertToSingle(dot0), scaled1 = Vector256.ConvertToSingle(dot1);
        scaled0 = TBlock.Groups == 2 ? Vector256.FusedMultiplyAdd(scaled0, scales0, first0) : scaled0 * scales0;
        scaled1 = TBlock.Groups == 2 ? Vector256.FusedMultiplyAdd(scaled1, scales1, first1) : scaled1 * scales1;
        Vector256<float> scale = Vector256.Create(rowScale);
        sum0 = Vector256.FusedMultiplyAdd(scaled0, scale, sum0);
        sum1 = Vector256.FusedMultiplyAdd(scaled1, scale, sum1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void OfFloats<TRows>(Tile* tile)
        where TRows : struct, IRowCount
    {
        Vector256<float> sum00 = default, sum01 = default,
            sum10 = default, sum11 = default, sum20 = default, sum21 = default, sum30 = default, sum31 = default;
        if (tile->Begun != 0)
        {
            Load(tile, 0, ref sum00, ref sum01);
            if (TRows.Count > 1) Load(tile, 1, ref sum10, ref sum11);
            if (TRows.Count > 2) Load(tile, 2, ref sum20, ref sum21);
            if (TRows.Count > 3) Load(tile, 3, ref sum30, ref sum31);
        }

        float* panel = (float*)tile->Panel;
        float* values = (float*)tile->Values;
        for (nint block = 0; block < tile->Blocks; block++, values += RowRecord.FloatBytes / sizeof(float))
        {
            for (int index = 0; index < Panel.BlockLength; index++, panel += Panel.Rows)
            {
                Vector256<float> w0 = Vector256.Load(panel), w1 = Vector256.Load(panel + Half);
                Add(w0, w1, values[index], ref sum00, ref sum01);
                if (TRows.Count > 1) Add(w0, w1, values[index + Panel.BlockLength], ref sum10, ref sum11);
                if (TRows.Count > 2) Add(w0, w1, values[index + (2 * Panel.BlockLength)], ref sum20, ref sum21);
                if (TRows.Count > 3) Add(w0, w1, values[index + (3 * Panel.BlockLength)], ref sum30, ref sum31);
            }
        }

        Store(tile, 0, sum00, sum01);
        if (TRows.Count > 1) Store(tile, 1, sum10, sum11);
        if (TRows.Count > 2) Store(tile, 2, sum20, sum21);
        if (TRows.Count > 3) Store(tile, 3, sum30, sum31);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load(Tile* tile, int row, ref Vector256<float> sum0, ref Vector256<float> sum1)
    {
        float* sums = (float*)((byte*)tile->Sums + (row * tile->Stride));
        sum0 = Vector256.Load(sums);
        sum1 = Vector256.Load(sums + Half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Tile* tile, int row, Vector256<float> sum0, Vector256<float> sum1)
    {
        float* sums = (float*)((byte*)tile->Sums + (row * tile->Stride));
        sum0.Store(sums);
        sum1.Store(sums + Half);
    }

    /// <summary>Adds weights of 16 columns times a number of a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(Vector256<float> w0, Vector256<float> w1, float factor, ref Vector256<float> sum0, ref Vector256<float> sum1)
    {
        Vector256<float> all = Vector256.Create(factor);
        sum0 = Vector256.FusedMultiplyAdd(w0, all, sum0);
        sum1 = Vector256.FusedMultiplyAdd(w1, all, sum1);
    }

    private interface IBlockForm
    {
        static abstract int Groups { get; }

        static abstract bool Minima { get; }
    }

    private readonly struct OneScale : IBlockForm
    {
        public static int Groups => 1;

        public static bool Minima => false;
    }

    private readonly struct OneScaleAndMinimum : IBlockForm
    {
        public static int Groups => 1;

        public static bool Minima => true;
    }

    private readonly struct TwoScales : IBlockForm
    {
        public static int Groups => 2;

        public static bool Minima => false;
    }

    private readonly struct TwoScalesAndMinima : IBlockForm
    {
        public static int Groups => 2;

        public static bool Minima => true;
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

    private readonly struct FourRows : IRowCount
    {
        public static int Count => 4;
    }
}
