using PaliGguf.Interop;

namespace PaliGguf.Language;

/// <summary>A context that was made through this project's own binding. In the steady state it takes no memory.</summary>
internal sealed unsafe class LlamaContext(LlamaContextHandle context, int tokenCount, int batchRows) : ILlamaContext
{
    private readonly llama_memory* _memory = Llama.llama_get_memory(context);
    private readonly BatchBuffer _batch = new(batchRows);

    public void SetThreads(int threads) => Llama.llama_set_n_threads(context, threads, threads);

    public int Use(AdapterSet adapters)
    {
        llama_adapter_lora** pointers = stackalloc llama_adapter_lora*[adapters.Count];
        float* scales = stackalloc float[adapters.Count];
        for (int index = 0; index < adapters.Count; index++)
        {
            pointers[index] = (llama_adapter_lora*)(nint)adapters[index].Adapter;
            scales[index] = adapters[index].Scale;
        }

        return Llama.llama_set_adapters_lora(context, pointers, (nuint)adapters.Count, scales);
    }

    public int Decode(ReadOnlySpan<float> rows, int count, int sequence)
    {
        fixed (float* first = rows) return Decode(_batch.Rows(first, count, sequence));
    }

    public int Decode(ReadOnlySpan<SequenceToken> tokens) => Decode(_batch.Tokens(tokens));

    public ReadOnlySpan<float> Logits(int row)
    {
        float* logits = Llama.llama_get_logits_ith(context, row);
        return logits is null ? [] : new ReadOnlySpan<float>(logits, tokenCount);
    }

    public void Remove(int sequence, int position) => Llama.llama_memory_seq_rm(_memory, sequence, position, -1);

    public void Share(int sequence, int with) => Llama.llama_memory_seq_cp(_memory, sequence, with, -1, -1);

    public void Dispose()
    {
        context.Dispose();
        _batch.Dispose();
    }

    private int Decode(llama_batch batch)
    {
        int status = Llama.llama_decode(context, batch);
        // The logits are read next, which would wait for a GPU as well.
        if (status == 0) Llama.llama_synchronize(context);
        return status;
    }
}
