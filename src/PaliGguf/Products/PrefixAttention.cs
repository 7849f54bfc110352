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

    /// <summary>The bytes that a thread needs before those for cells: for a tile, and as many keys and values as it meets at once.</summary>
    public static nint Bytes(int length) => AttentionTile.Bytes(length) + (2 * AttentionTile.Keys * length * sizeof(float));

    private static void Compute(ggml_tensor* result, int thread, int threads, ProductWork work)
    {
        ref ProductWork.Progress progress = ref work.State;
        ggml_tensor* q = result->Source(0), k = result->Source(1), mask = result->Source(3);
        long rows = q->ne[1], heads = k->ne[2], shared = q->ne[2] / heads, done = 0;
        float* memory = (float*)work.PanelOf(thread);
        int* cells = (int*)((byte*)memory + Bytes((int)q->ne[0]));
        float** queries = stackalloc float*[AttentionTile.Queries];
        float** results = stackalloc float*[AttentionTile.Queries];
        long next = Interlocked.Increment(ref progress.PanelsTaken) - 1;
        for (long first = 0, end; first < rows; first = end)
        {
            end = SeeTheSame(mask, first, rows);
            bool together = end - first >= FewestRows && IsPlain(mask, first);
            int seen = together ? CacheAttention.Gather(result, first, cells) : 0;
            long count = (end - first) * shared;
            long parts = together ? (count + AttentionTile.Queries - 1) / AttentionTile.Queries : end - first;
            for (; next < done + (parts * heads); next = Interlocked.Increment(ref progress.PanelsTaken) - 1)
            {
                (long head, long part) = Math.DivRem(next - done, parts);
                if (!together)
                {
                    CacheAttention.ComputeRow(result, first + part, head, cells);
                    continue;
                }

                long begin = part * AttentionTile.Queries;
                int some = (int)Math.Min(AttentionTile.Queries, count - begin);
                for (int lane = 0; lane < some; lane++)
                {
                    (long member, long row) = Math.DivRem(begin + lane, end - first);
                    long of = (head * shared) + member;
                    queries[lane] = (float*)((byte*)q->data + ((nuint)(first + row) * q->nb[1]) + ((nuint)of * q->nb[2]));
                    results[lane] = (float*)result->data + ((((first + row) * q->ne[2]) + of) * q->ne[0]);
                }

                Attend(result, new ReadOnlySpan<int>(cells, seen), head, queries, results, some, memory);
            }

            done += parts * heads;
        }

        // Nobody is in it any more, and the library's threads meet before the next operation.
        if (Interlocked.Increment(ref progress.ThreadsDone) == threads) progress = default;
    }

    /// <summary>Computes a tile of queries.</summary>
    private static void Attend(
        ggml_tensor* result, ReadOnlySpan<int> cells, long head, float** queries, float** results, int count, float* memory)
    {
        ggml_tensor* k = result->Source(1), v = result->Source(2);
        int length = (int)k->ne[0];
        AttentionTile tile = new(memory, length, CacheAttention.ScaleOf(result), CacheAttention.CapOf(result));
        HeadRows keys = new(memory + (AttentionTile.Bytes(length) / sizeof(float)), length);
        HeadRows values = new(keys[AttentionTile.Keys], length);
        tile.Begin(queries, count);
        for (; !cells.IsEmpty; cells = cells[Math.Min(AttentionTile.Keys, cells.Length)..])
        {
            ReadOnlySpan<int> some = cells[..Math.Min(AttentionTile.Keys, cells.Length)];
            Widen(k, head, some, keys);
            Widen(v, head, some, values);
            tile.Meet(keys, values, some.Length);
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
                (CacheAttention.Shifted(from + at) * Vector256.Create(CacheAttention.HalfUnit)).Store(to + at);
        }
    }

    /// <summary>Where the rows end that see the same cells as the first.</summary>
    private static long SeeTheSame(ggml_tensor* mask, long first, long rows)
    {
        if (mask is null) return rows;
        ReadOnlySpan<ushort> cells = new(MaskOf(mask, first), (int)mask->ne[0]);
        long end = first + 1;
        while (end < rows && cells.SequenceEqual(new ReadOnlySpan<ushort>(MaskOf(mask, end), cells.Length))) end++;
        return end;
    }

    /// <summary>Whether a row sees cells, and each of them without a bias.</summary>
    private static bool IsPlain(ggml_tensor* mask, long row)
    {
        if (mask is null) return true;
        ReadOnlySpan<ushort> cells = new(MaskOf(mask, row), (int)mask->ne[0]);
        return cells.Contains((ushort)0) && !cells.ContainsAnyExcept((ushort)0, CacheAttention.Masked);
    }

    private static ushort* MaskOf(ggml_tensor* mask, long row) => (ushort*)((byte*)mask->data + ((nuint)row * mask->nb[1]));
}
