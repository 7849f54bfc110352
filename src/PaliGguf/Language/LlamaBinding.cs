using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.Logging;
using PaliGguf.Gguf;
using PaliGguf.Interop;
using PaliGguf.Products;

namespace PaliGguf.Language;

/// <summary>This project's own binding of the library.</summary>
internal sealed unsafe class LlamaBinding : ILlamaBinding
{
    public static LlamaBinding Own { get; } = new();

    public bool HasWeights => false;

    public ILlamaModel Load(GgufFile file, TextModelLayout layout,
        ModelOptions options, ILogger logger, IProgress<float>? progress, CancellationToken cancellationToken)
    {
        NativeLibraries.RefuseSecondSet();
        using NativeLog.Route log = NativeLog.To(logger);
        GCHandle<LoadWatch> watch = new(new LoadWatch(progress, cancellationToken));
        try
        {
            bool ownProducts = MayMultiply(options) && CanMultiplyAll(file, layout);
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

            if (!handle.IsInvalid) return new LlamaModel(handle, ownProducts);
            if (log.TellsOfMemory)
                throw new ModelMemoryException($"{file.Path}: there is too little memory for the decoder ({log.Errors}).");
            throw new ModelFormatException(file.Path,
                $"llama.cpp does not load it: {(log.Errors.Length > 0 ? log.Errors : "it gave no reason")}.");
        }
        finally
        {
            watch.Dispose();
        }
    }

    /// <summary>Whether code of our own may compute products of weights that lie in main memory as they are stored.</summary>
    public static bool MayMultiply(ModelOptions options) =>
        MatrixProduct.IsSupported && options.MayMultiply && (options.GpuLayers == 0 || !ComputeDevice.All().Any(device => device.IsGpu));

    /// <summary>Whether there is code of our own for all matrices of a decoder, so that none need be repacked.</summary>
    public static bool CanMultiplyAll(GgufFile file, TextModelLayout layout) =>
        layout.Tensors()
            .All(tensor =>
                tensor.Shape.Length < 2 || MatrixProduct.TakesFewRows(file.GetTensor(tensor.Name).Type, tensor.Shape[0], tensor.Shape[1]));

    // The library would build its own index of the tokens, which takes as long as all the rest: it is told that there is nothing but their
    // number.
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
