using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PaliGguf.Products;

/// <summary>
/// Superblocks. A single row is multiplied with them as they are read, without a panel, in vectors of 256 bits: first all integers of a
/// superblock of 8 rows, then what they are scaled by, in the order in which a tile does it.
/// </summary>
internal sealed unsafe class SuperBlockFormat<TBlock> : BlockFormat<SuperBlock<TBlock>>
    where TBlock : struct, ISuperBlock
{
    private const int Half = Panel.Rows / 2;
    private const int Parts = 256 / Panel.BlockLength;
    private const int VectorBytes = 32;
    private const int DotsBytes = 2 * Parts * VectorBytes;

    public override bool TakesOneRow => true;

    public override void MultiplyOneRow(bool vnni, byte* weights, nint stride, RowGroups rows, float* sums)
    {
        if (vnni) Once<AvxVnniDots, UnsignedBytes>(weights, stride, rows, sums);
        else if (TBlock.Bits <= Avx2Tiles.Narrow) Once<Avx2UnsignedDots<FourPairs>, UnsignedBytes>(weights, stride, rows, sums);
        else if (TBlock.Bits <= Avx2Tiles.Medium) Once<Avx2UnsignedDots<TwoPairs>, UnsignedBytes>(weights, stride, rows, sums);
        else Once<Avx2WideDots, SignedBytes>(weights, stride, rows, sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Once<TDots, TSign>(byte* weights, nint stride, RowGroups rows, float* sums)
        where TDots : struct, IByteDots
        where TSign : struct, IByteSign
    {
        // Asked for once: what is inlined has a limit.
        int bytes = TBlock.Bytes, partScales = Panel.Rows * TBlock.Groups * (TBlock.Minima ? 2 : 1);
        byte* dots = stackalloc byte[2 * DotsBytes];
        float* scales = stackalloc float[Parts * partScales];
        byte* next = weights + (Panel.Rows * stride);
        byte* record = rows.Record(0, 0);
        Vector256<float> sum0 = default, sum1 = default;
        for (nint block = rows.Blocks / Parts; block > 0; block--, weights += bytes, next += Panel.Rows * bytes)
        {
            WeightMemory first = new(dots, next, bytes / 2, record);
            WeightMemory second = new(dots + DotsBytes, next + (Half * bytes), bytes / 2, record);
            TBlock.Read<WeightsToDots<TDots, TSign>>(weights, stride, first, scales);
            TBlock.Read<WeightsToDots<TDots, TSign>>(weights + (Half * stride), stride, second, scales + Half);
            float* partsScales = scales;
            byte* partDots = dots;
            for (int part = 0; part < Parts; part++, partsScales += partScales, record += RowRecord.SingleBytes)
            {
                Scale((int*)partDots, record, partsScales, ref sum0);
                Scale((int*)(partDots + DotsBytes), record, partsScales + Half, ref sum1);
                partDots += 2 * VectorBytes;
            }
        }

        sum0.Store(sums);
        sum1.Store(sums + Half);
    }

    /// <summary>Adds 32 weights' products to the sums of 8 rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Scale(int* dots, byte* record, float* scales, ref Vector256<float> sum)
    {
        int* corrections = (int*)(record + RowRecord.SingleCorrections);
        Vector256<int> first = Vector256.Load(dots) + Vector256.Create(corrections[0]), second = Vector256.Load(dots + Half);
        Vector256<float> scaled;
        if (TBlock.Groups == 1)
        {
            scaled = Vector256.ConvertToSingle(first + second) * Vector256.Load(scales);
        }
        else
        {
            scaled = Vector256.ConvertToSingle(first) * Vector256.Load(scales);
            second += Vector256.Create(corrections[1]);
            scaled = Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(second), Vector256.Load(scales + Panel.Rows), scaled);
        }

        sum = Vector256.FusedMultiplyAdd(scaled, Vector256.Create(*(float*)(record + RowRecord.SingleScales)), sum);
        if (!TBlock.Minima) return;
        scales += TBlock.Groups * Panel.Rows;
        float* rowSums = (float*)(record + RowRecord.SingleSums);
        sum = Vector256.FusedMultiplyAdd(Vector256.Load(scales), Vector256.Create(rowSums[0]), sum);
        if (TBlock.Groups == 2) sum = Vector256.FusedMultiplyAdd(Vector256.Load(scales + Panel.Rows), Vector256.Create(rowSums[1]), sum);
    }
}
