using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PaliGguf.Interop;

namespace PaliGguf.Products;

/// <summary>
/// Lets operations in the library's own graphs be computed by ours, <see cref="MatrixProduct"/> above all: through the callback that ggml's scheduler makes for each node before a graph is computed, and in
/// which a node becomes a custom operation of the same sources and result. For one scheduler whose weights are in main memory.
/// </summary>
internal sealed unsafe class ProductTap : IDisposable
{
    private readonly ProductWork _work;
    private readonly CellOrder _order = new();
    private GCHandle<ProductTap> _self;
    private ggml_tensor* _lastRows;
    private WeightFormat? _lastFormat;

    /// <param name="threads">The most threads that the graphs are computed on.</param>
    /// <param name="instructions">By what products are computed; by default what is chosen for this processor.</param>
    /// <param name="spin">Whether threads may wait for each other by spinning.</param>
    public ProductTap(int threads, InstructionSet? instructions = null, bool spin = true)
    {
        GgmlOperations.Load();
        _work = new ProductWork(threads, instructions, spin);
        _self = new GCHandle<ProductTap>(this);
    }

    /// <summary>For the scheduler; asks for no node's values.</summary>
    public static delegate* unmanaged[Cdecl]<ggml_tensor*, byte, void*, byte> Callback => &OnNode;

    /// <summary>The callback's user data, valid until this is disposed.</summary>
    public void* UserData => (void*)GCHandle<ProductTap>.ToIntPtr(_self);

    /// <summary>To be called before each computation: graphs of different ones may lie in the same memory.</summary>
    /// <param name="threads">By how many of our own threads operations are shared, if the library computes the graph on one.</param>
    public void Begin(int threads)
    {
        _lastRows = null;
        _work.SharedBy = threads;
    }

    /// <summary>Provides for more threads. Not while something is computed.</summary>
    public void ReserveThreads(int threads) => _work.ReserveThreads(threads);

    public void Dispose()
    {
        _self.Dispose();
        _work.Dispose();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte OnNode(ggml_tensor* node, byte ask, void* userData)
    {
        if (ask == 0) return 0;
        try
        {
            GCHandle<ProductTap>.FromIntPtr((nint)userData).Target.Take(node);
        }
        catch (Exception failure) when (failure is OutOfMemoryException or NotSupportedException)
        {
            // No memory for rows or code: it must not travel through native frames, and the library can compute the node as well.
        }

        return 0;
    }

    private void Take(ggml_tensor* node)
    {
        if (GgmlOperations.IsProduct(node)) TakeProduct(node);
        else if (GgmlOperations.IsTanh(node) && GraphRows.AreDense(node, 1)) CustomOperation.Replace(node, VectorOperations.Tanh, _work);
        else if (GgmlOperations.IsFlashAttention(node) && DecoderAttention.IsSupported && GraphRows.AreInMainMemory(node))
            DecoderAttention.TryReplace(node, _work, _order);
        else if (GgmlOperations.IsSettingRows(node) && GraphRows.AreInMainMemory(node->Source(1))) _order.Take(node);
        else if (GgmlOperations.IsGatedGelu(node) && GraphRows.AreDense(node, 2)) CustomOperation.Replace(node, VectorOperations.GatedGelu, _work);
    }

    private void TakeProduct(ggml_tensor* node)
    {
        ggml_tensor* weight = node->Source(0);
        ggml_tensor* rows = node->Source(1);
        if (!GraphRows.AreInMainMemory(node) || !IsPlainMatrix(weight) || !GraphRows.AreRows(rows) || !GraphRows.AreRows(node)
            || !MatrixProduct.TakesFewRows(weight->type, weight->ne[0], weight->ne[1]))
        {
            return;
        }

        // A block's queries, keys and values come of the same rows, and so do its gate and its values.
        WeightFormat format = WeightFormat.Of(weight->type)!;
        MatrixProduct.Replace(node, reuse: rows == _lastRows && _lastFormat!.TakesSameRows(format), _work);
        _lastRows = rows;
        _lastFormat = format;
    }

    private static bool IsPlainMatrix(ggml_tensor* weight) =>
        GraphRows.AreInMainMemory(weight) && weight->op == 0 && weight->view_src is null && weight->extra is null && weight->ne[2] * weight->ne[3] == 1
        && weight->nb[1] == (nuint)weight->type.RowByteLength(weight->ne[0]);
}
