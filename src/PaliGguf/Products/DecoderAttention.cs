using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using PaliGguf.Interop;

namespace PaliGguf.Products;

/// <summary>
/// The decoder's attention over a KV cache of 16-bit floats, taken over in the library's graph: by <see cref="CacheAttention"/>, or, of
/// many rows, by <see cref="PrefixAttention"/>. The cache of a batch holds the cells of all its sequences: what is masked is passed over.
/// </summary>
internal static unsafe class DecoderAttention
{
    /// <summary>The longest head that there is code for.</summary>
    public const int LongestHead = 1024;

    /// <summary>What a cell's mask is that is not seen: minus infinity.</summary>
    public const ushort Masked = 0xFC00;

    // In the operation's parameters behind the library's ggml_custom_op_params.
    private const int ScaleParameter = 6;
    private const int CapParameter = 7;
    private const int OrderParameter = 8;

    // From here on tiles of queries, ours or the library's (ggml_fa_tile_config in ggml-cpu), read each key once.
    private const int ManyRows = 64;

    public static bool IsSupported => AttentionTile.IsSupported;

    /// <summary>Takes over the library's flash attention, if it is of the kind that there is code for.</summary>
    /// <param name="node">A node that is GGML_OP_FLASH_ATTN_EXT, in a graph that is about to be computed.</param>
    /// <param name="work">What the threads share.</param>
    /// <param name="order">In which order cells were written; null for the order in which they lie.</param>
    public static void TryReplace(ggml_tensor* node, ProductWork work, CellOrder? order = null)
    {
        ggml_tensor* q = node->Source(0), k = node->Source(1), v = node->Source(2), mask = node->Source(3);
        bool many = q->ne[1] >= ManyRows;
        bool taken = q->type == GgmlType.F32 && q->nb[0] == sizeof(float) && IsCache(k) && IsCache(v) && q->ne[3] == 1
            && v->ne[0] == q->ne[0] && q->ne[0] % 16 == 0 && q->ne[0] <= LongestHead && q->ne[2] % k->ne[2] == 0 && k->ne[2] == v->ne[2]
            && (mask is null || (mask->type == GgmlType.F16 && mask->ne[2] * mask->ne[3] == 1 && mask->nb[0] == sizeof(ushort)))
            && node->Source(4) is null && node->op_params[1] == 0;
        if (!taken) return;
        // Their numbers, and when each was written.
        nint cells = ((nint)k->ne[1] * (sizeof(int) + sizeof(long))) + sizeof(long);
        work.ReservePanels(many ? PrefixAttention.Bytes((int)q->ne[0]) + cells : cells);
        (int scale, int cap) = (node->op_params[0], node->op_params[2]);
        CustomOperation.Replace(node, many ? PrefixAttention.Body : CacheAttention.Body, work);
        node->op_params[ScaleParameter] = scale;
        node->op_params[CapParameter] = cap;
        *(long**)((int*)&node->op_params + OrderParameter) = order is null ? null : order.Of(k);
    }

    /// <summary>The factor of scores.</summary>
    public static float ScaleOf(ggml_tensor* result) => BitConverter.Int32BitsToSingle(result->op_params[ScaleParameter]);

    /// <summary>Their soft cap; 0 for none.</summary>
    public static float CapOf(ggml_tensor* result) => BitConverter.Int32BitsToSingle(result->op_params[CapParameter]);

    /// <summary>What a row does not see, or sees with a bias; null where it sees all.</summary>
    public static ushort* MaskOf(ggml_tensor* result, long row)
    {
        ggml_tensor* mask = result->Source(3);
        return mask is null ? null : (ushort*)((byte*)mask->data + ((nuint)row * mask->nb[1]));
    }

    /// <summary>The cells that a row sees, in the order in which they were written.</summary>
    /// <param name="result">The operation.</param>
    /// <param name="row">The row.</param>
    /// <param name="seen">Room for all cells, and behind it for when they were written.</param>
    /// <returns>How many it sees.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Gather(ggml_tensor* result, long row, int* seen)
    {
        int cells = (int)result->Source(1)->ne[1], count = 0;
        long* written = *(long**)((int*)&result->op_params + OrderParameter);
        ushort* hidden = MaskOf(result, row);
        bool ordered = true;
        long last = 0;
        for (int cell = 0; cell < cells; cell++)
        {
            if (hidden is not null)
            {
                if (cell + Vector256<ushort>.Count <= cells
                    && Vector256.EqualsAll(Vector256.Load(hidden + cell), Vector256.Create(Masked)))
                {
                    cell += Vector256<ushort>.Count - 1;
                    continue;
                }

                if (hidden[cell] == Masked) continue;
            }

            seen[count++] = cell;
            if (written is null) continue;
            ordered &= written[cell] >= last;
            last = written[cell];
        }

        if (ordered) return count;
        long* times = (long*)(((nint)(seen + count) + sizeof(long) - 1) & -sizeof(long));
        for (int index = 0; index < count; index++) times[index] = written[seen[index]];
        new Span<long>(times, count).Sort(new Span<int>(seen, count));
        return count;
    }

    private static bool IsCache(ggml_tensor* cells) => cells->type == GgmlType.F16 && cells->nb[0] == sizeof(ushort) && cells->ne[3] == 1;
}
