using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PaliGguf.Interop;

namespace PaliGguf.Products;

/// <summary>
/// In which order the cells of the decoder's KV caches were written. The library puts a token wherever a cell is free, so that a sequence's
/// cells lie in another order among other requests than alone. Sums in the order of writing, which is that of a sequence's tokens, come
/// to the same bits wherever they lie.
/// </summary>
internal sealed unsafe class CellOrder
{
    // Pinned, since graphs keep addresses of them.
    private readonly Dictionary<nint, long[]> _caches = [];
    private long _clock;

    /// <summary>Takes note of the cells that a graph is about to write.</summary>
    /// <param name="node">A node that is GGML_OP_SET_ROWS, of rows whose numbers are there already, in main memory.</param>
    public void Take(ggml_tensor* node)
    {
        ggml_tensor* cache = node->view_src, numbers = node->Source(1);
        if (cache is null || cache->ne[2] * cache->ne[3] != 1 || !AreNumbers(numbers)) return;
        if (!_caches.TryGetValue((nint)cache, out long[]? written))
            _caches[(nint)cache] = written = GC.AllocateArray<long>(checked((int)cache->ne[1]), pinned: true);
        foreach (long cell in new ReadOnlySpan<long>(numbers->data, (int)numbers->ne[0]))
        {
            if (cell >= 0 && cell < written.Length) written[cell] = ++_clock;
        }
    }

    /// <summary>
    /// A number for each cell that a tensor shows of a cache, larger the later it was written; null where nothing is known of them.
    /// </summary>
    public long* Of(ggml_tensor* keys) =>
        _caches.TryGetValue((nint)keys->view_src, out long[]? written) && written.Length >= keys->ne[1]
            ? (long*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(written)) : null;

    private static bool AreNumbers(ggml_tensor* numbers) =>
        numbers->type == GgmlType.I64 && numbers->nb[0] == sizeof(long) && numbers->ne[1] * numbers->ne[2] * numbers->ne[3] == 1;
}
