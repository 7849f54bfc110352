using System.Runtime.InteropServices;

namespace PaliGguf.Interop;

/// <summary>Opaque: the vocabulary inside a model.</summary>
internal struct llama_vocab;

/// <summary>Opaque: the KV cache inside a context.</summary>
internal struct llama_memory;

/// <summary>Opaque: a LoRA adapter inside a model, which releases it.</summary>
internal struct llama_adapter_lora;

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct llama_model_params
{
    public void* devices;
    public void* tensor_buft_overrides;
    public int n_gpu_layers;
    public int split_mode;
    public int load_mode;
    public int lazy_mode;
    public int main_gpu;
    public float* tensor_split;
    public delegate* unmanaged[Cdecl]<float, void*, byte> progress_callback;
    public void* progress_callback_user_data;
    public llama_model_kv_override* kv_overrides;
    public byte vocab_only;
    public byte check_tensors;
    public byte use_extra_bufts;
    public byte no_host;
    public byte no_alloc;
    public byte load_mtp;
}

/// <summary>A metadata key given beside the file; a list of them ends with one of an empty key.</summary>
[StructLayout(LayoutKind.Explicit, Size = 264)]
internal unsafe struct llama_model_kv_override
{
    /// <summary>The <see cref="tag"/> of a whole number.</summary>
    public const int LLAMA_KV_OVERRIDE_TYPE_INT = 0;

    /// <summary>The <see cref="tag"/> of a string.</summary>
    public const int LLAMA_KV_OVERRIDE_TYPE_STR = 3;

    [FieldOffset(0)]
    public int tag;

    [FieldOffset(4)]
    public fixed byte key[128];

    [FieldOffset(136)]
    public long val_i64;

    [FieldOffset(136)]
    public fixed byte val_str[128];
}

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct llama_context_params
{
    public uint n_ctx;
    public uint n_batch;
    public uint n_ubatch;
    public uint n_seq_max;
    public uint n_rs_seq;
    public uint n_outputs_max;
    public uint n_outputs_max_per_seq;
    public int n_threads;
    public int n_threads_batch;
    public int ctx_type;
    public int rope_scaling_type;
    public int pooling_type;
    public int attention_type;
    public int flash_attn_type;
    public float rope_freq_base;
    public float rope_freq_scale;
    public float yarn_ext_factor;
    public float yarn_attn_factor;
    public float yarn_beta_fast;
    public float yarn_beta_slow;
    public uint yarn_orig_ctx;
    public float defrag_thold;
    public delegate* unmanaged[Cdecl]<ggml_tensor*, byte, void*, byte> cb_eval;
    public void* cb_eval_user_data;
    public int type_k;
    public int type_v;
    public delegate* unmanaged[Cdecl]<void*, byte> abort_callback;
    public void* abort_callback_data;
    public byte embeddings;
    public byte offload_kqv;
    public byte no_perf;
    public byte op_offload;
    public byte swa_full;
    public byte kv_unified;
    public void* samplers;
    public nuint n_samplers;
    public void* ctx_other;
}

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct llama_batch
{
    public int n_tokens;
    public int* token;
    public float* embd;
    public int* pos;
    public int* n_seq_id;
    public int** seq_id;
    public sbyte* logits;
}
