using System.Runtime.InteropServices;

namespace PaliGguf.Interop;

/// <summary>The functions of llama.h in use, native names kept.</summary>
internal static unsafe partial class Llama
{
    public const string Library = "llama";

    public const int AttentionNonCausal = 1;

    /// <summary>LLAMA_POOLING_TYPE_NONE: an embedding for each token.</summary>
    public const int PoolingNone = 0;

    /// <summary>LLAMA_LOAD_MODE_NONE: weights are read into memory of their own.</summary>
    public const int LoadCopied = 0;

    [LibraryImport(Library)]
    public static partial void llama_backend_init();

    [LibraryImport(Library)]
    public static partial void llama_log_get(delegate* unmanaged[Cdecl]<int, byte*, void*, void>* callback, void** userData);

    [LibraryImport(Library)]
    public static partial void llama_log_set(delegate* unmanaged[Cdecl]<int, byte*, void*, void> callback, void* userData);

    [LibraryImport(Library)]
    public static partial void llama_model_free(nint model);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial llama_adapter_lora* llama_adapter_lora_init(LlamaModelHandle model, string path);

    [LibraryImport(Library)]
    public static partial int llama_set_adapters_lora(LlamaContextHandle context, llama_adapter_lora** adapters, nuint count, float* scales);

    [LibraryImport(Library)]
    public static partial void llama_set_n_threads(LlamaContextHandle context, int threads, int batchThreads);

    [LibraryImport(Library)]
    public static partial void llama_synchronize(LlamaContextHandle context);

    [LibraryImport(Library)]
    public static partial void llama_free(nint context);

    [LibraryImport(Library)]
    public static partial llama_vocab* llama_model_get_vocab(LlamaModelHandle model);

    [LibraryImport(Library)]
    public static partial ulong llama_model_size(LlamaModelHandle model);

    [LibraryImport(Library)]
    public static partial int llama_vocab_n_tokens(llama_vocab* vocab);

    [LibraryImport(Library)]
    public static partial int llama_decode(LlamaContextHandle context, llama_batch batch);

    [LibraryImport(Library)]
    public static partial int llama_encode(LlamaContextHandle context, llama_batch batch);

    [LibraryImport(Library)]
    public static partial float* llama_get_embeddings_ith(LlamaContextHandle context, int index);

    [LibraryImport(Library)]
    public static partial float* llama_get_logits_ith(LlamaContextHandle context, int index);

    [LibraryImport(Library)]
    public static partial llama_memory* llama_get_memory(LlamaContextHandle context);

    [LibraryImport(Library)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool llama_memory_seq_rm(llama_memory* memory, int sequence, int from, int to);

    [LibraryImport(Library)]
    public static partial void llama_memory_seq_cp(llama_memory* memory, int from, int to, int fromPosition, int toPosition);
}
