using System.Runtime.Intrinsics;
using PaliGguf.Interop;

namespace PaliGguf.Products;

/// <summary>
/// The decoder's attention of many rows over a KV cache of 16-bit floats. Rows that see the same cells, as all of a prefix do, are
/// computed in tiles, all heads together that share keys; others one by one, by <see cref="CacheAttention"/>.
/// </summary>
internal static unsafe class PrefixAttention
{
    // Fewer leave most lanes of a tile empty.
    private const int FewestRows = 16;

    /// <summary>The operation.</summary>
    public static delegate*<ggml_tensor*, int, int, ProductWork, void> Body => &Compute;

    /// <summary>The bytes that a thread needs before those for cells: for a tile, and the keys and values that it meets at once.</summary>
    public static nint Bytes(int length) => AttentionTile.Bytes(length) + (2 * AttentionTile.Keys * length * sizeof(float));

    private static void Compute(ggml_tensor* result, int thread, int threads, ProductWork work)
    {
        ref ProductWork.Progress progress = ref work.State;
        ggml_tensor* q = result->Source(0);
        long rows = q->ne[1], heads = result->Source(1)->ne[2], done = 0;
        float* memory = (float*)work.PanelOf(thread);
        int* cells = (int*)((byte*)memory + Bytes((int)q->ne[0]));
        long next = Interlocked.Increment(ref progress.PanelsTaken) - 1;
        for (long first = 0, count; first < rows; first += count)
        {
            count = AlikeFrom(result, first, rows);
            bool together = count >= FewestRows && IsPlain(result, first);
            long tiles = ((count * q->ne[2] / heads) + AttentionTile.Queries - 1) / AttentionTile.Queries;
            long parts = together ? tiles * heads : count;
            int seen = together ? DecoderAttention.Gather(result, first, cells) : 0;
            for (; next < done + parts; next = Interlocked.Increment(ref progress.PanelsTaken) - 1)
            {
                (long head, long tile) = Math.DivRem(next - done, tiles);
                if (together) ComputeTile(result, first, count, head, tile, new ReadOnlySpan<int>(cells, seen), memory);
                else CacheAttention.ComputeRow(result, first + next - done, 0, 1, cells);
            }

            done += parts;
        }

        // Nobody is in it any more, and the library's threads meet before the next operation.
        if (Interlocked.Increment(ref progress.ThreadsDone) == threads) progress = default;
    }

    /// <summary>Computes a tile of the queries of some rows, those of one head that share keys after those of another.</summary>
    private static void ComputeTile(
        ggml_tensor* result, long firstRow, long rows, long head, long number, ReadOnlySpan<int> cells, float* memory)
    {
        ggml_tensor* q = result->Source(0), k = result->Source(1), v = result->Source(2);
        int length = (int)q->ne[0];
        long shared = q->ne[2] / k->ne[2], first = number * AttentionTile.Queries;
        int count = (int)Math.Min(AttentionTile.Queries, (rows * shared) - first);
        float** queries = stackalloc float*[AttentionTile.Queries];
        float** results = stackalloc float*[AttentionTile.Queries];
        for (int lane = 0; lane < count; lane++)
        {
            (long member, long row) = Math.DivRem(first + lane, rows);
            long of = (head * shared) + member;
            queries[lane] = (float*)((byte*)q->data + ((nuint)(firstRow + row) * q->nb[1]) + ((nuint)of * q->nb[2]));
            results[lane] = (float*)result->data + ((((firstRow + row) * q->ne[2]) + of) * length);
        }

        AttentionTile tile = new(memory, length, DecoderAttention.ScaleOf(result), DecoderAttention.CapOf(result));
        HeadRows keys = new(memory + (AttentionTile.Bytes(length) / sizeof(float)), length);
        HeadRows values = new(keys[AttentionTile.Keys], length);
        tile.Begin(queries, count);
        while (!cells.IsEmpty)
        {
            ReadOnlySpan<int> some = cells[..Math.Min(AttentionTile.Keys, cells.Length)];
            Widen(k, head, some, keys);
            Widen(v, head, some, values);
            tile.Meet(keys, values, some.Length);
            cells = cells[some.Length..];
        }

        tile.End(results, count);
    }

    /// <summary>A head's keys or values as 32-bit floats. What a tile reads behind them does not matter.</summary>
    private static void Widen(ggml_tensor* cache, long head, ReadOnlySpan<int> cells, HeadRows rows)
    {
        for (int index = 0; index < cells.Length; index++)
        {
            ushort* from = (ushort*)((byte*)cache->data + ((nuint)cells[index] * cache->nb[1]) + ((nuint)head * cache->nb[2]));
            float* to = rows[index];
            for (nint at = 0; at < rows.Stride; at += Vector256<float>.Count)
                (HalfFloats.Shifted(from + at) * Vector256.Create(HalfFloats.Unit)).Store(to + at);
        }
    }

    /// <summary>How many rows from one on see the same cells.</summary>
    private static long AlikeFrom(ggml_tensor* result, long first, long rows)
    {
        ReadOnlySpan<ushort> mask = MaskOf(result, first);
        long end = first + 1;
        while (end < rows && mask.SequenceEqual(MaskOf(result, end))) end++;
        return end - first;
    }

    /// <summary>Whether a row sees cells, and each of them without a bias.</summary>
    private static bool IsPlain(ggml_tensor* result, long row)
    {
        ReadOnlySpan<ushort> mask = MaskOf(result, row);
        return mask.IsEmpty || (mask.Contains((ushort)0) && !mask.ContainsAnyExcept((ushort)0, DecoderAttention.Masked));
    }

    /// <summary>Empty where there is none.</summary>
    private static ReadOnlySpan<ushort> MaskOf(ggml_tensor* result, long row)
    {
        ushort* mask = DecoderAttention.MaskOf(result, row);
        return new ReadOnlySpan<ushort>(mask, mask is null ? 0 : (int)result->Source(1)->ne[1]);
    }
}
