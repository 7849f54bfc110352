using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PaliGguf.Products;

/// <summary>
/// Small blocks of integers. A single row is multiplied with them as they are read, without a panel, in vectors of 256 bits: it is a
/// matter of memory.
/// </summary>
internal sealed unsafe class SmallBlockFormat<TBlock> : BlockFormat<SmallBlock<TBlock>>
    where TBlock : struct, ISmallBlock
{
    private const int Half = Panel.Rows / 2;

    public override bool TakesOneRow => true;

    public override void MultiplyOneRow(bool vnni, byte* weights, nint stride, RowGroups rows, float* sums)
    {
        if (vnni) Once<AvxVnniDots, UnsignedBytes>(weights, stride, rows, sums);
        else if (TBlock.Bits <= Avx2Tiles.Narrow) Once<Avx2UnsignedDots<FourPairs>, UnsignedBytes>(weights, stride, rows, sums);
        else Once<Avx2WideDots, SignedBytes>(weights, stride, rows, sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Once<TDots, TSign>(byte* weights, nint stride, RowGroups rows, float* sums)
        where TDots : struct, IByteDots
        where TSign : struct, IByteSign
    {
        byte* next = weights + (Panel.Rows * stride);
        byte* record = rows.Record(0, 0);
        Vector256<float> sum0 = default, sum1 = default;
        for (nint block = rows.Blocks; block > 0; block--, weights += TBlock.Bytes, record += RowRecord.SingleBytes)
        {
            Prefetch(ref next);
            Add<TDots, TSign>(weights, stride, record, ref sum0);
            Add<TDots, TSign>(weights + (Half * stride), stride, record, ref sum1);
        }

        sum0.Store(sums);
        sum1.Store(sums + Half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TDots, TSign>(byte* block, nint stride, byte* record, ref Vector256<float> sum)
        where TDots : struct, IByteDots
        where TSign : struct, IByteSign
    {
        TBlock.Load(
            block, stride,
            out Vector256<byte> w0, out Vector256<byte> w1, out Vector256<byte> w2, out Vector256<byte> w3,
            out Vector256<byte> w4, out Vector256<byte> w5, out Vector256<byte> w6, out Vector256<byte> w7);
        Vector256<int> dot = Vector256.Create(*(int*)(record + RowRecord.SingleCorrections));
        dot = TDots.Add(dot, TSign.Of(w0, TBlock.Offset),
            TSign.Of(w1, TBlock.Offset), TSign.Of(w2, TBlock.Offset), TSign.Of(w3, TBlock.Offset), (sbyte*)record);
        dot = TDots.Add(dot, TSign.Of(w4, TBlock.Offset),
            TSign.Of(w5, TBlock.Offset), TSign.Of(w6, TBlock.Offset), TSign.Of(w7, TBlock.Offset), (sbyte*)record + 16);
        TBlock.LoadScales(block, stride, out Vector256<float> scale, out Vector256<float> minimum);
        sum =
            Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(dot) * scale,
                Vector256.Create(*(float*)(record + RowRecord.SingleScales)), sum);
        if (TBlock.Minima) sum = Vector256.FusedMultiplyAdd(minimum, Vector256.Create(*(float*)(record + RowRecord.SingleSums)), sum);
    }
}
