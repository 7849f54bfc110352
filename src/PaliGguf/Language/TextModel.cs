using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.Logging;
using PaliGguf.Gguf;
using PaliGguf.Interop;
using PaliGguf.Products;

namespace PaliGguf.Language;

/// <summary>The loaded decoder: its weights, its vocabulary and the rows of its token embedding.</summary>
internal sealed unsafe class TextModel : IDisposable
{
    private readonly GgufFile _file;

    private TextModel(GgufFile file, TextModelLayout layout, LlamaModelHandle handle, bool ownProducts)
    {
        _file = file;
        OwnProducts = ownProducts;
        Layout = layout;
        Handle = handle;
        Vocabulary = new Vocabulary(layout.Tokenizer ?? throw new ArgumentException("The layout was not read from a file.", nameof(layout)));
        Embeddings = new TokenEmbeddings(file);
        Pieces = new Lazy<PieceIndex>(() => new PieceIndex(layout.ImageToken, Vocabulary.EndOfSequence, Vocabulary.Piece));
    }

    public TextModelLayout Layout { get; }

    public LlamaModelHandle Handle { get; }

    public Vocabulary Vocabulary { get; }

    public TokenEmbeddings Embeddings { get; }

    /// <summary>The tokens that stand for text, by their bytes; made when first needed.</summary>
    public Lazy<PieceIndex> Pieces { get; }

    /// <summary>Whether its products are computed by code of our own; its weights are all as they are stored then.</summary>
    public bool OwnProducts { get; }

    /// <summary>The bytes of its weights.</summary>
    public long Bytes => (long)Llama.llama_model_size(Handle);

    /// <summary>Loads the weights of a checked file, which the result owns from then on.</summary>
    public static TextModel Load(GgufFile file, TextModelLayout layout, ModelOptions options, ILogger logger, IProgress<float>? progress, CancellationToken cancellationToken)
    {
        NativeLibraries.RefuseSecondSet();
        using NativeLog.Route log = NativeLog.To(logger);
        GCHandle<LoadWatch> watch = new(new LoadWatch(progress, cancellationToken));
        try
        {
            bool ownProducts = MatrixProduct.IsSupported && options.MayMultiply && (options.GpuLayers == 0 || !ComputeDevice.All().Any(device => device.IsGpu))
                && layout.Tensors().All(tensor => tensor.Shape.Length < 2 || MatrixProduct.TakesFewRows(file.GetTensor(tensor.Name).Type, tensor.Shape[0], tensor.Shape[1]));
            llama_model_params parameters = Llama.llama_model_default_params();
            parameters.n_gpu_layers = options.GpuLayers;
            parameters.use_extra_bufts = (byte)(options.Repack && !ownProducts ? 1 : 0);
            if (!options.MemoryMap) parameters.load_mode = Llama.LoadCopied;
            parameters.progress_callback = &OnProgress;
            parameters.progress_callback_user_data = (void*)GCHandle<LoadWatch>.ToIntPtr(watch);
            llama_model_kv_override* overrides = stackalloc llama_model_kv_override[3];
            if (!options.LibraryVocabulary) parameters.kv_overrides = NoVocabulary(overrides, layout);
            LlamaModelHandle handle = Llama.llama_model_load_from_file(file.Path, parameters);
            if (cancellationToken.IsCancellationRequested || watch.Target.Failure is not null)
            {
                handle.Dispose();
                watch.Target.Failure?.Throw();
                throw new OperationCanceledException(cancellationToken);
            }

            if (handle.IsInvalid && log.TellsOfMemory) throw new ModelMemoryException($"{file.Path}: there is too little memory for the decoder ({log.Errors}).");
            if (handle.IsInvalid) throw new ModelFormatException(file.Path, $"llama.cpp does not load it: {(log.Errors.Length > 0 ? log.Errors : "it gave no reason")}.");
            int rows = Llama.llama_vocab_n_tokens(Llama.llama_model_get_vocab(handle));
            if (rows != layout.VocabularySize)
            {
                // Logits are as many, and would be read beyond their end.
                handle.Dispose();
                throw new InferenceException($"{file.Path}: this llama.cpp library counts {rows} tokens in a vocabulary of {layout.VocabularySize}.");
            }

            return new TextModel(file, layout, handle, ownProducts);
        }
        finally
        {
            watch.Dispose();
        }
    }

    public void Dispose()
    {
        Handle.Dispose();
        _file.Dispose();
    }

    // The library would build its own index of the tokens, which takes as long as all the rest: it is told that there is nothing but their number.
    private static llama_model_kv_override* NoVocabulary(llama_model_kv_override* overrides, TextModelLayout layout)
    {
        new Span<llama_model_kv_override>(overrides, 3).Clear();
        overrides[0].tag = llama_model_kv_override.LLAMA_KV_OVERRIDE_TYPE_STR;
        "tokenizer.ggml.model"u8.CopyTo(new Span<byte>(overrides[0].key, 128));
        "no_vocab"u8.CopyTo(new Span<byte>(overrides[0].val_str, 128));
        overrides[1].tag = llama_model_kv_override.LLAMA_KV_OVERRIDE_TYPE_INT;
        Encoding.UTF8.GetBytes($"{layout.Architecture}.vocab_size", new Span<byte>(overrides[1].key, 128));
        overrides[1].val_i64 = layout.VocabularySize;
        return overrides;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte OnProgress(float fraction, void* userData)
    {
        LoadWatch watch = GCHandle<LoadWatch>.FromIntPtr((nint)userData).Target;
        try
        {
            watch.Progress?.Report(fraction);
        }
        catch (Exception failure)
        {
            // The caller's code: its exception must not travel through native frames, so it waits until they have returned.
            watch.Failure = ExceptionDispatchInfo.Capture(failure);
        }

        return (byte)(watch.Cancellation.IsCancellationRequested || watch.Failure is not null ? 0 : 1);
    }

    private sealed record LoadWatch(IProgress<float>? Progress, CancellationToken Cancellation)
    {
        public ExceptionDispatchInfo? Failure { get; set; }
    }
}
