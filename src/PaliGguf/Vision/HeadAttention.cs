using PaliGguf.Interop;
using PaliGguf.Products;

namespace PaliGguf.Vision;

/// <summary>
/// Full attention on 32-bit floats as an operation of a graph on the CPU, in vector code: <see cref="VisionAttention.Tiled"/>. Queries,
/// keys and values are read where the products left them, and the result are rows.
/// </summary>
internal static unsafe class HeadAttention
{
    // In the operation's parameters behind the library's ggml_custom_op_params.
    private const int ScaleParameter = 6;

    /// <summary>Whether there is code for this processor.</summary>
    public static bool IsSupported => AttentionTile.IsSupported;

    /// <summary>Whether there is code for a tower's sizes.</summary>
    public static bool Takes(VisionLayout layout) => layout.HeadLength % AttentionTile.Multiple == 0 && layout.Patches % AttentionTile.Multiple == 0;

    /// <summary>Attention in a graph that is being built: rows of all heads, [heads * head length, patches * pictures].</summary>
    /// <param name="context">Where the graph is built.</param>
    /// <param name="q">Queries, [head length, patches, heads, pictures], a head's without gaps; so are the others.</param>
    /// <param name="k">Keys.</param>
    /// <param name="v">Values.</param>
    /// <param name="scale">The scores' factor.</param>
    /// <param name="work">What the threads share.</param>
    public static ggml_tensor* Of(GgmlContextHandle context, ggml_tensor* q, ggml_tensor* k, ggml_tensor* v, float scale, ProductWork work)
    {
        ggml_tensor* rows =
            CustomOperation.Of(context, q->ne[0] * q->ne[2], q->ne[1] * q->ne[3], [(nint)q, (nint)k, (nint)v], &Compute, work);
        rows->op_params[ScaleParameter] = BitConverter.SingleToInt32Bits(scale);
        work.ReservePanels(AttentionTile.Bytes((int)q->ne[0]));
        return rows;
    }

    private static void Compute(ggml_tensor* rows, int thread, int threads, ProductWork shared)
    {
        ref ProductWork.Progress progress = ref shared.State;
        ggml_tensor* q = rows->Source(0), k = rows->Source(1), v = rows->Source(2);
        nint length = (nint)q->ne[0], patches = (nint)q->ne[1], heads = (nint)q->ne[2], pictures = (nint)q->ne[3];
        AttentionTile tile = new((float*)shared.PanelOf(thread), length, BitConverter.Int32BitsToSingle(rows->op_params[ScaleParameter]));
        float** queries = stackalloc float*[AttentionTile.Queries];
        float** results = stackalloc float*[AttentionTile.Queries];
        nint tiles = (patches + AttentionTile.Queries - 1) / AttentionTile.Queries;
        // Tiles of a head one after the other: its keys and values stay in the cache.
        for (nint index; (index = Interlocked.Increment(ref progress.PanelsTaken) - 1) < tiles * heads * pictures;)
        {
            (nint headOfAll, nint part) = Math.DivRem(index, tiles);
            (nint picture, nint head) = Math.DivRem(headOfAll, heads);
            nint first = part * AttentionTile.Queries;
            nint count = Math.Min(AttentionTile.Queries, patches - first);
            for (nint row = 0; row < count; row++)
            {
                queries[row] = Head(q, head, picture)[first + row];
                results[row] = (float*)((byte*)rows->data + ((nuint)((picture * patches) + first + row) * rows->nb[1])) + (head * length);
            }

            tile.Begin(queries, count);
            HeadRows keys = Head(k, head, picture), values = Head(v, head, picture);
            for (nint key = 0; key < patches; key += AttentionTile.Keys)
            {
                tile.Meet(
                    new HeadRows(keys[key], keys.Stride), new HeadRows(values[key], values.Stride),
                    Math.Min(AttentionTile.Keys, patches - key));
            }

            tile.End(results, count);
        }

        // Nobody is in it any more, and the library's threads meet before the next operation.
        if (Interlocked.Increment(ref progress.ThreadsDone) == threads) progress = default;
    }

    private static HeadRows Head(ggml_tensor* x, nint head, nint picture) =>
        new((float*)((byte*)x->data + ((nuint)head * x->nb[2]) + ((nuint)picture * x->nb[3])), (nint)(x->nb[1] / sizeof(float)));
}
