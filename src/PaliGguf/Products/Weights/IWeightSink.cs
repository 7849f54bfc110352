using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace PaliGguf.Products;

/// <summary>What becomes of a superblock's weights as they are read.</summary>
internal unsafe interface IWeightSink
{
    /// <summary>
    /// Takes 16 weights of each of 8 rows, four of each row in a vector: the first or the second 16 of a part, which is 32 weights of the
    /// superblock. As unsigned bytes they are more by the offset.
    /// </summary>
    static abstract void Take(
        WeightMemory memory, int part, int half, int offset,
        Vector256<byte> w0, Vector256<byte> w1, Vector256<byte> w2, Vector256<byte> w3);
}

/// <summary>The memory of a sink.</summary>
/// <param name="target">What is written.</param>
/// <param name="ahead">What is to be in the cache next: a piece is fetched with each 16 weights, since the processor does not wait for
/// more than some cache lines at a time.</param>
/// <param name="aheadBytes">From a piece to the next: at most two cache lines.</param>
/// <param name="record">The record of a single row that the weights are multiplied with, if they are.</param>
internal readonly unsafe struct WeightMemory(byte* target, byte* ahead, int aheadBytes, byte* record = null)
{
    public readonly byte* Target = target;

    public readonly byte* Record = record;

    /// <summary>Fetches the piece that belongs to 16 weights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void FetchAhead(int part, int half)
    {
        byte* piece = ahead + (((2 * part) + half) * aheadBytes);
        Sse.Prefetch1(piece);
        Sse.Prefetch1(piece + 64);
    }
}

/// <summary>They become half of a panel.</summary>
internal readonly unsafe struct WeightsToPanel<TSign> : IWeightSink
    where TSign : struct, IByteSign
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Take(
        WeightMemory memory, int part, int half, int offset,
        Vector256<byte> w0, Vector256<byte> w1, Vector256<byte> w2, Vector256<byte> w3)
    {
        byte* panel = memory.Target + (part * Panel.Rows * Panel.BlockLength);
        PanelHalf.Store<TSign>(panel, 4 * half, w0, offset);
        PanelHalf.Store<TSign>(panel, (4 * half) + 1, w1, offset);
        PanelHalf.Store<TSign>(panel, (4 * half) + 2, w2, offset);
        PanelHalf.Store<TSign>(panel, (4 * half) + 3, w3, offset);
        memory.FetchAhead(part, half);
    }
}

/// <summary>They are multiplied with a single row: a vector of sums for each 16 weights.</summary>
internal readonly unsafe struct WeightsToDots<TDots, TSign> : IWeightSink
    where TDots : struct, IByteDots
    where TSign : struct, IByteSign
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Take(
        WeightMemory memory, int part, int half, int offset,
        Vector256<byte> w0, Vector256<byte> w1, Vector256<byte> w2, Vector256<byte> w3)
    {
        sbyte* values = (sbyte*)memory.Record + (part * RowRecord.SingleBytes) + (16 * half);
        TDots.Add(
            default, TSign.Of(w0, offset), TSign.Of(w1, offset), TSign.Of(w2, offset), TSign.Of(w3, offset), values)
            .Store((int*)memory.Target + (((2 * part) + half) * Vector256<int>.Count));
        memory.FetchAhead(part, half);
    }
}
