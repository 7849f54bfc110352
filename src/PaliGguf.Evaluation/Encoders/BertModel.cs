using Microsoft.Extensions.Logging;
using PaliGguf.Gguf;
using PaliGguf.Interop;
using PaliGguf.Language;
using PaliGguf.Products;

namespace PaliGguf.Evaluation.Encoders;

/// <summary>A BERT in the library, on the CPU. Used by one thread at a time.</summary>
internal sealed unsafe class BertModel : IDisposable
{
    /// <summary>The tokens of a batch, all its texts together.</summary>
    public const int BatchTokens = 512;

    /// <summary>The texts of a batch.</summary>
    public const int BatchTexts = 64;

    private readonly NativeLog.Route _log;
    private readonly BatchBuffer _batch = new(BatchTokens);
    private readonly int _width;
    private readonly LlamaModelHandle _weights;
    private readonly LlamaContextHandle _context;

    /// <exception cref="ModelFormatException">The library does not load the file.</exception>
    /// <exception cref="ModelMemoryException">There is too little memory.</exception>
    public BertModel(GgufFile file, BertLayout layout, int threads, ILogger logger)
    {
        NativeLibraries.RefuseSecondSet();
        _log = new NativeLog.Route(logger);
        _width = layout.Width;
        Headroom.Require(ContextBytes(layout), $"the states of {file.Path}");
        using NativeLog.Route log = _log.Begin();
        _weights = Llama.llama_model_load_from_file(file.Path, ModelParameters());
        if (_weights.IsInvalid)
        {
            throw log.TellsOfMemory
                ? new ModelMemoryException($"{file.Path}: there is too little memory for the model ({log.Errors}).")
                : new ModelFormatException(file.Path, $"llama.cpp does not load it: {Reason(log)}.");
        }

        _context = Llama.llama_init_from_model(_weights, ContextParameters(threads));
        if (!_context.IsInvalid) return;
        _weights.Dispose();
        throw new ModelMemoryException($"{file.Path}: no context could be made: {Reason(log)}.");
    }

    /// <summary>Computes the states of some tokens, of all texts at once.</summary>
    /// <param name="tokens">At most <see cref="BatchTokens"/>, of at most <see cref="BatchTexts"/> texts, with positions and tokens that the
    /// model has.</param>
    /// <returns>A row for each.</returns>
    public float[][] Encode(ReadOnlySpan<SequenceToken> tokens)
    {
        using NativeLog.Route log = _log.Begin();
        int status = Llama.llama_encode(_context, _batch.Tokens(tokens));
        if (status != 0) throw new InferenceException($"The library failed to encode {tokens.Length} tokens (status {status}): {Reason(log)}.");
        Llama.llama_synchronize(_context);
        float[][] states = new float[tokens.Length][];
        for (int row = 0; row < states.Length; row++)
        {
            float* state = Llama.llama_get_embeddings_ith(_context, row);
            if (state is null) throw new InferenceException($"Token {row} of the batch has no state.");
            states[row] = new ReadOnlySpan<float>(state, _width).ToArray();
        }

        return states;
    }

    public void Dispose()
    {
        _context.Dispose();
        _weights.Dispose();
        _batch.Dispose();
    }

    // Scores are compared to the fifth digit, which a GPU's products would change.
    private static llama_model_params ModelParameters()
    {
        llama_model_params parameters = Llama.llama_model_default_params();
        parameters.n_gpu_layers = 0;
        parameters.use_extra_bufts = 0;
        return parameters;
    }

    private static llama_context_params ContextParameters(int threads)
    {
        llama_context_params parameters = Llama.llama_context_default_params();
        parameters.n_ctx = parameters.n_batch = parameters.n_ubatch = parameters.n_outputs_max = BatchTokens;
        parameters.n_seq_max = BatchTexts;
        parameters.n_threads = parameters.n_threads_batch = threads;
        parameters.attention_type = Llama.AttentionNonCausal;
        parameters.pooling_type = Llama.PoolingNone;
        parameters.embeddings = 1;
        // In one piece it would take keys and values in 16 bits.
        parameters.flash_attn_type = 0;
        parameters.kv_unified = 1;
        parameters.offload_kqv = parameters.op_offload = 0;
        parameters.cb_eval = ErrorFunctionGelu.Callback;
        return parameters;
    }

    /// <summary>What a graph takes at most: attention between all tokens of a batch for each head, and rows of all widths.</summary>
    private static long ContextBytes(BertLayout layout) =>
        sizeof(float) * (long)BatchTokens * ((3L * BatchTokens * layout.Heads) + (4L * layout.FeedForward) + (16L * layout.Width));

    private static string Reason(NativeLog.Route log) => log.Errors.Length > 0 ? log.Errors : "it gave no reason";
}
