using System.Runtime.InteropServices;
using PaliGguf.Interop;

namespace PaliGguf.Products;

/// <summary>
/// In which order the cells of the decoder's KV caches were written. The library puts a token wherever a cell is free, so that a sequence's
/// cells lie in another order among other requests than alone. Sums in the order of writing, which is that of a sequence's tokens, come
/// to the same bits wherever they lie.
/// </summary>
internal sealed unsafe class CellOrder : IDisposable
{
    private readonly Dictionary<nint, Cells> _caches = [];
    private readonly Dictionary<nint, Cells> _written = [];

    /// <summary>Takes note of the cells that a graph is about to write.</summary>
    /// <param name="node">A node that is GGML_OP_SET_ROWS, of rows whose numbers are there already, in main memory.</param>
    public void Take(ggml_tensor* node)
    {
        ggml_tensor* cache = node->view_src, numbers = node->Source(1);
        if (cache is null || cache->ne[2] * cache->ne[3] != 1 || !AreNumbers(numbers)) return;
        if (!_caches.TryGetValue((nint)cache, out Cells? cells))
        {
            // Layers whose tokens go to the same cells share what is known of them; the first keeps it.
            if (!_written.TryGetValue((nint)numbers, out cells) || cells.Count != cache->ne[1])
                _written[(nint)numbers] = cells = new Cells((nint)cache, checked((int)cache->ne[1]));
            _caches[(nint)cache] = cells;
        }

        if (cells.First == (nint)cache) cells.Write(new ReadOnlySpan<long>(numbers->data, (int)numbers->ne[0]));
    }

    /// <summary>
    /// A number for each cell that a tensor shows of a cache, larger the later it was written; null where nothing is known of them.
    /// </summary>
    public long* Of(ggml_tensor* keys) =>
        _caches.TryGetValue((nint)keys->view_src, out Cells? cells) && cells.Count >= keys->ne[1] ? cells.Written : null;

    public void Dispose()
    {
        foreach (Cells cells in _caches.Values) cells.Dispose();
    }

    private static bool AreNumbers(ggml_tensor* numbers) =>
        numbers->type == GgmlType.I64 && numbers->nb[0] == sizeof(long) && numbers->ne[1] * numbers->ne[2] * numbers->ne[3] == 1;

    /// <summary>The cells of a cache.</summary>
    private sealed class Cells(nint first, int count) : IDisposable
    {
        private long _clock;

        public nint First => first;

        public int Count => count;

        public long* Written { get; private set; } = (long*)NativeMemory.AllocZeroed((nuint)count, sizeof(long));

        public void Write(ReadOnlySpan<long> cells)
        {
            foreach (long cell in cells)
            {
                if (cell >= 0 && cell < count) Written[cell] = ++_clock;
            }
        }

        public void Dispose()
        {
            NativeMemory.Free(Written);
            Written = null;
        }
    }
}
