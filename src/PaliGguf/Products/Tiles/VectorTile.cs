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

    // The 16 vectors of AVX2 suffice for the integers of 8 columns and what they are made of. So the sums are in memory, where they are
    // wanted once in a block.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Of<TDots, TBlock, TRows>(Tile* tile)
        where TDots : struct, IByteDots
        where TBlock : struct, IBlockForm
        where TRows : struct, IRowCount
    {
        float* sums = (float*)tile->Scratch;
        for (int row = 0; row < TRows.Count; row++)
        {
            Span<float> own = new(sums + (row * Panel.Rows), Panel.Rows);
            if (tile->Begun == 0) own.Clear();
            else new ReadOnlySpan<float>(SumsOf(tile, row), Panel.Rows).CopyTo(own);
        }

        byte* panel = tile->Panel;
        float* scales = tile->Scales;
        sbyte* values = (sbyte*)tile->Values;
        float* rowScales = (float*)tile->RowScales;
        int scaleFloats = TBlock.Groups * (TBlock.Minima ? 2 : 1) * Panel.Rows;
        for (byte* last = panel + (tile->Blocks * BlockBytes);
            panel < last;
            panel += BlockBytes, scales += scaleFloats, values += RowRecord.Bytes, rowScales += RowRecord.Bytes / sizeof(float))
        {
            for (int column = 0; column < Panel.Rows; column += Half)
                Add<TDots, TBlock, TRows>(panel + (4 * column), scales + column, values, rowScales, sums + column);
        }

        for (int row = 0; row < TRows.Count; row++)
            new ReadOnlySpan<float>(sums + (row * Panel.Rows), Panel.Rows).CopyTo(new Span<float>(SumsOf(tile, row), Panel.Rows));
    }

    private static float* SumsOf(Tile* tile, int row) => (float*)((byte*)tile->Sums + (row * tile->Stride));

    /// <summary>Adds a block of 8 columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TDots, TBlock, TRows>(byte* panel, float* scales, sbyte* values, float* rowScales, float* sums)
        where TDots : struct, IByteDots
        where TBlock : struct, IBlockForm
        where TRows : struct, IRowCount
    {
        int* corrections = (int*)(rowScales + ((RowRecord.Corrections - RowRecord.Scales) / sizeof(float)));
        Vector256<int> a0 = Vector256.Create(corrections[0]), a1 = default, a2 = default, a3 = default;
        if (TRows.Count > 1) a1 = Vector256.Create(corrections[1]);
        if (TRows.Count > 2) a2 = Vector256.Create(corrections[2]);
        if (TRows.Count > 3) a3 = Vector256.Create(corrections[3]);
        Dots<TDots, TRows>(panel, values, ref a0, ref a1, ref a2, ref a3);
        Vector256<float> f0 = default, f1 = default, f2 = default, f3 = default, scale = Vector256.Load(scales);
        if (TBlock.Groups == 2)
        {
            corrections += RowRecord.Rows;
            (f0, a0) = (Vector256.ConvertToSingle(a0) * scale, Vector256.Create(corrections[0]));
            if (TRows.Count > 1) (f1, a1) = (Vector256.ConvertToSingle(a1) * scale, Vector256.Create(corrections[1]));
            if (TRows.Count > 2) (f2, a2) = (Vector256.ConvertToSingle(a2) * scale, Vector256.Create(corrections[2]));
            if (TRows.Count > 3) (f3, a3) = (Vector256.ConvertToSingle(a3) * scale, Vector256.Create(corrections[3]));
            scales += Panel.Rows;
            scale = Vector256.Load(scales);
        }

        Dots<TDots, TRows>(panel + (BlockBytes / 2), values + (Panel.BlockLength / 2), ref a0, ref a1, ref a2, ref a3);
        scales += Panel.Rows;
        Scale<TBlock>(a0, f0, scale, scales, rowScales, sums);
        if (TRows.Count > 1) Scale<TBlock>(a1, f1, scale, scales, rowScales + 1, sums + Panel.Rows);
        if (TRows.Count > 2) Scale<TBlock>(a2, f2, scale, scales, rowScales + 2, sums + (2 * Panel.Rows));
        if (TRows.Count > 3) Scale<TBlock>(a3, f3, scale, scales, rowScales + 3, sums + (3 * Panel.Rows));
    }

    /// <summary>Half a block of 8 columns.</summary>
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

    /// <summary>Adds the integers of a row to its sums; before come those of the first group, scaled, if there are two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Scale<TBlock>(
        Vector256<int> integers, Vector256<float> first, Vector256<float> scale, float* minima, float* rowScale, float* sums)
        where TBlock : struct, IBlockForm
    {
        Vector256<float> scaled = Vector256.ConvertToSingle(integers);
        scaled = TBlock.Groups == 2 ? Vector256.FusedMultiplyAdd(scaled, scale, first) : scaled * scale;
        Vector256<float> sum = Vector256.FusedMultiplyAdd(scaled, Vector256.Create(rowScale[0]), Vector256.Load(sums));
        if (TBlock.Minima)
        {
            float* rowSums = rowScale + ((RowRecord.Sums - RowRecord.Scales) / sizeof(float));
            sum = Vector256.FusedMultiplyAdd(Vector256.Load(minima), Vector256.Create(rowSums[0]), sum);
            if (TBlock.Groups == 2)
                sum = Vector256.FusedMultiplyAdd(Vector256.Load(minima + Panel.Rows), Vector256.Create(rowSums[RowRecord.Rows]), sum);
        }

        sum.Store(sums);
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
