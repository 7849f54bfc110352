using PaliGguf.Interop;

namespace PaliGguf.Language;

/// <summary>Weights that were loaded through this project's own binding.</summary>
internal sealed unsafe class LlamaModel(LlamaModelHandle handle, bool ownProducts) : ILlamaModel
{
    public long Bytes => (long)Llama.llama_model_size(handle);

    public int TokenCount => Llama.llama_vocab_n_tokens(Llama.llama_model_get_vocab(handle));

    public bool OwnProducts => ownProducts;

    public object? LoadAdapter(string path)
    {
        llama_adapter_lora* adapter = Llama.llama_adapter_lora_init(handle, path);
        return adapter is null ? null : (nint)adapter;
    }

    public ILlamaContext? CreateContext(ContextParameters parameters)
    {
        llama_context_params native = Llama.llama_context_default_params();
        native.n_ctx = (uint)parameters.Cells;
        native.n_batch = native.n_ubatch = (uint)parameters.BatchRows;
        native.n_seq_max = (uint)parameters.Sequences;
        // Without this the library reserves logits for the whole batch: over 1 GB with PaliGemma's vocabulary.
        native.n_outputs_max = (uint)parameters.Sequences;
        native.n_threads = native.n_threads_batch = parameters.Threads;
        native.attention_type = Llama.AttentionNonCausal;
        native.type_k = native.type_v = (int)parameters.CacheType;
        native.flash_attn_type = parameters.CacheType == GgmlType.F32 ? 0 : -1;
        native.kv_unified = 1;
        native.offload_kqv = native.op_offload = (byte)(parameters.Offload ? 1 : 0);
        native.cb_eval = (delegate* unmanaged[Cdecl]<ggml_tensor*, byte, void*, byte>)parameters.NodeCallback.Function;
        native.cb_eval_user_data = (void*)parameters.NodeCallback.Data;
        native.abort_callback = (delegate* unmanaged[Cdecl]<void*, byte>)parameters.AbortCallback.Function;
        native.abort_callback_data = (void*)parameters.AbortCallback.Data;
        LlamaContextHandle context = Llama.llama_init_from_model(handle, native);
        if (!context.IsInvalid) return new LlamaContext(context, TokenCount, parameters.BatchRows);
        context.Dispose();
        return null;
    }

    public void Dispose() => handle.Dispose();
}
