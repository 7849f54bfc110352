using System.Diagnostics;
using Microsoft.Extensions.Logging;
using PaliGguf.Interop;
using PaliGguf.Products;

namespace PaliGguf.Language;

/// <summary>
/// A llama context with full (non-causal) attention: a prefix goes in as one batch and sees itself wholly; the suffix goes in one token
/// per sequence and step, which is causal by itself. Used by one thread at a time.
/// </summary>
internal sealed unsafe class TextContext : IDisposable
{
    private readonly LlamaContextHandle _context;
    private readonly llama_memory* _memory;
    private readonly BatchBuffer _batch;
    private readonly AbortFlag _abort = new();
    private readonly ActivationTap? _tap;
    private readonly ProductTap? _products;
    private readonly int _vocabularySize;
    private readonly NativeLog.Route _log;
    private AdapterSet _adapters = AdapterSet.None;
    private int _threads;

    public TextContext(TextModel model, TextContextOptions options, ILogger logger)
    {
        _log = new NativeLog.Route(logger);
        _vocabularySize = model.Vocabulary.TokenCount;
        Length = options.Length;
        PrefixLength = options.PrefixLength;
        Sequences = options.Sequences + options.Branches;
        _threads = options.Threads;
        _batch = new BatchBuffer(Math.Max(Length, Sequences));

        using NativeLog.Route log = _log.Begin();
        llama_context_params parameters = Llama.llama_context_default_params();
        parameters.n_ctx = checked((uint)(Length * options.Sequences));
        parameters.n_batch = parameters.n_ubatch = (uint)Math.Max(PrefixLength, Sequences);
        parameters.n_seq_max = (uint)Sequences;
        // Without this the library reserves logits for the whole batch: over 1 GB with PaliGemma's vocabulary.
        parameters.n_outputs_max = (uint)Sequences;
        parameters.n_threads = parameters.n_threads_batch = options.Threads;
        parameters.attention_type = Llama.AttentionNonCausal;
        parameters.type_k = parameters.type_v = (int)options.CacheType;
        parameters.flash_attn_type = options.CacheType == GgmlType.F32 ? 0 : -1;
        parameters.kv_unified = 1;
        parameters.offload_kqv = parameters.op_offload = (byte)(options.Offload ? 1 : 0);
        parameters.abort_callback = &ComputeDevice.IsSet;
        parameters.abort_callback_data = _abort.Pointer;
        if (options.Activations is not null)
        {
            _tap = new ActivationTap(options.Activations);
            parameters.cb_eval = ActivationTap.Callback;
            parameters.cb_eval_user_data = _tap.UserData;
        }
        else if (model.OwnProducts)
        {
            _products = new ProductTap(options.Threads, options.Instructions);
            parameters.cb_eval = ProductTap.Callback;
            parameters.cb_eval_user_data = _products.UserData;
        }

        _context = Llama.llama_init_from_model(model.Handle, parameters);
        if (_context.IsInvalid)
        {
            Dispose();
            throw new ModelMemoryException(
                $"No context of {Length} tokens x {options.Sequences} sequences could be made: {(log.Errors.Length > 0 ? log.Errors : "probably too little memory")}.");
        }

        _memory = Llama.llama_get_memory(_context);
    }

    /// <summary>The longest sequence, prefix and suffix together.</summary>
    public int Length { get; }

    /// <summary>The longest prefix.</summary>
    public int PrefixLength { get; }

    /// <summary>How many sequences there are: those of the requests and the branches.</summary>
    public int Sequences { get; }

    /// <summary>How many CPU threads the next batch is computed on. They take no part in what is computed, only in how fast.</summary>
    public int Threads
    {
        get => _threads;
        set
        {
            if (_threads == value) return;
            _products?.ReserveThreads(value);
            Llama.llama_set_n_threads(_context, value, value);
            _threads = value;
        }
    }

    /// <summary>What the library took for the last batch.</summary>
    public TimeSpan NativeTime { get; private set; }

    /// <summary>Asks a running call to end early with <see cref="DecodeStatus.Aborted"/>; honoured by the CPU backend only.</summary>
    public bool AbortRequested
    {
        get => _abort.Requested;
        set => _abort.Requested = value;
    }

    /// <summary>Decodes with these adapters from now on. A change has the library plan its computation anew.</summary>
    public void Use(AdapterSet adapters)
    {
        if (adapters.Equals(_adapters)) return;
        llama_adapter_lora** pointers = stackalloc llama_adapter_lora*[adapters.Count];
        float* scales = stackalloc float[adapters.Count];
        for (int index = 0; index < adapters.Count; index++)
        {
            pointers[index] = (llama_adapter_lora*)adapters[index].Adapter;
            scales[index] = adapters[index].Scale;
        }

        int status = Llama.llama_set_adapters_lora(_context, pointers, (nuint)adapters.Count, scales);
        if (status != 0) throw new InferenceException($"The library failed to switch to {adapters.Count} adapters (status {status}).");
        _adapters = adapters;
    }

    /// <summary>Decodes a whole prefix into an empty sequence; the last row's logits are then at index <c>rows - 1</c>.</summary>
    public DecodeStatus DecodePrefix(ReadOnlySpan<float> embeddings, int rows, int sequence)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, PrefixLength);
        fixed (float* first = embeddings) return Decode(_batch.Rows(first, rows, sequence));
    }

    /// <summary>Decodes one token for each of some different sequences; their logits are then at the same indices.</summary>
    public DecodeStatus DecodeTokens(ReadOnlySpan<SequenceToken> tokens) => Decode(_batch.Tokens(tokens));

    /// <summary>The logits of a row of the last batch, valid until the next one.</summary>
    public ReadOnlySpan<float> Logits(int row)
    {
        float* logits = Llama.llama_get_logits_ith(_context, row);
        return logits is null ? throw new InferenceException($"Row {row} of the batch has no logits.") : new ReadOnlySpan<float>(logits, _vocabularySize);
    }

    /// <summary>Forgets a sequence, or what it holds from a position on.</summary>
    public void Remove(int sequence, int position = -1) => Llama.llama_memory_seq_rm(_memory, sequence, position, -1);

    /// <summary>Lets an empty sequence hold all that another one does; the cells are the same.</summary>
    public void Share(int sequence, int with) => Llama.llama_memory_seq_cp(_memory, sequence, with, -1, -1);

    public void Dispose()
    {
        _context?.Dispose();
        _tap?.Dispose();
        _products?.Dispose();
        _batch.Dispose();
        _abort.Dispose();
    }

    private DecodeStatus Decode(llama_batch batch)
    {
        using NativeLog.Route log = _log.Begin();
        _products?.Begin();
        long start = Stopwatch.GetTimestamp();
        int status = Llama.llama_decode(_context, batch);
        // The logits are read next, which would wait for a GPU as well.
        if (status == 0) Llama.llama_synchronize(_context);
        NativeTime = Stopwatch.GetElapsedTime(start);
        _tap?.ThrowIfFailed();
        return status switch
        {
            0 => DecodeStatus.Done,
            2 => DecodeStatus.Aborted,
            1 => throw new InferenceException($"The KV cache has no room for {batch.n_tokens} more tokens: choose a longer context."),
            _ => throw new InferenceException($"The library failed to decode {batch.n_tokens} rows (status {status}){(log.Errors.Length > 0 ? ": " + log.Errors : "")}."),
        };
    }
}

/// <summary>How a call to the library ended.</summary>
internal enum DecodeStatus
{
    Done,
    Aborted,
}
