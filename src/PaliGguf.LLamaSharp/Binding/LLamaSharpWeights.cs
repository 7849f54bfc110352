using System.Runtime.CompilerServices;
using LLama.Native;
using PaliGguf.Language;

namespace PaliGguf.LLamaSharp.Binding;

/// <summary>
/// A decoder's weights as LLamaSharp holds them. They stay in memory as long as this does, also if the program disposes them.
/// </summary>
internal sealed class LLamaSharpWeights : ILlamaModel
{
    private readonly SafeLlamaModelHandle _handle;
    private readonly bool _owned;
    private readonly List<LoraAdapter> _adapters = [];
    private bool _held;

    public LLamaSharpWeights(SafeLlamaModelHandle handle, bool owned, bool ownProducts)
    {
        _handle = handle;
        _owned = owned;
        OwnProducts = ownProducts;
        handle.DangerousAddRef(ref _held);
    }

    public long Bytes => (long)_handle.SizeInBytes;

    public int TokenCount => _handle.Vocab.Count;

    public bool OwnProducts { get; }

    public object? LoadAdapter(string path)
    {
        LoraAdapter adapter = _handle.LoadLoraFromFile(path);
        // LLamaSharp does not look at what the library returns, and would hand it back to it.
        if (Pointer(adapter) == 0) return null;
        _adapters.Add(adapter);
        return adapter;
    }

    public ILlamaContext? CreateContext(ContextParameters parameters)
    {
        LLamaContextParams native = LLamaContextParams.Default();
        native.n_ctx = (uint)parameters.Cells;
        native.n_batch = native.n_ubatch = (uint)parameters.BatchRows;
        native.n_seq_max = (uint)parameters.Sequences;
        // Without this the library reserves logits for the whole batch: over 1 GB with PaliGemma's vocabulary.
        native.n_outputs_max = (uint)parameters.Sequences;
        native.n_threads = native.n_threads_batch = parameters.Threads;
        native.attention_type = LLamaAttentionType.NonCausal;
        native.type_k = native.type_v = (GGMLType)parameters.CacheType;
        native.llama_flash_attn_type = parameters.CacheType == GgmlType.F32
            ? LLamaFlashAttentionType.LLAMA_FLASH_ATTENTION_TYPE_DISABLED
            : LLamaFlashAttentionType.LLAMA_FLASH_ATTENTION_TYPE_AUTO;
        native.kv_unified = true;
        native.offload_kqv = native.op_offload = parameters.Offload;
        (native.cb_eval, native.cb_eval_user_data) = parameters.NodeCallback;
        (native.abort_callback, native.abort_callback_user_data) = parameters.AbortCallback;
        SafeLLamaContextHandle context = SafeLLamaContextHandle.Create(_handle, native);
        if (!context.IsInvalid) return new LLamaSharpContext(context, _handle.EmbeddingSize);
        // No exception was thrown, and the reference that it took is not given back with an invalid handle.
        context.Dispose();
        _handle.DangerousRelease();
        return null;
    }

    public void Dispose()
    {
        if (!_held) return;
        _held = false;
        foreach (LoraAdapter adapter in _adapters) adapter.Unload();
        _handle.DangerousRelease();
        if (_owned) _handle.Dispose();
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Pointer")]
    private static extern nint Pointer(LoraAdapter adapter);
}
