using LLama.Exceptions;
using LLama.Native;
using Microsoft.Extensions.Logging;
using PaliGguf.Gguf;
using PaliGguf.Interop;
using PaliGguf.Language;

namespace PaliGguf.LLamaSharp.Binding;

/// <summary>LLamaSharp's managed layer as the decoder's binding.</summary>
/// <param name="loaded">Weights that the program has loaded and keeps; null to load them.</param>
internal sealed class LLamaSharpBinding(SafeLlamaModelHandle? loaded) : ILlamaBinding
{
    public bool HasWeights => loaded is not null;

    public ILlamaModel Load(
        GgufFile file,
        TextModelLayout layout,
        ModelOptions options,
        ILogger logger,
        IProgress<float>? progress,
        CancellationToken cancellationToken)
    {
        bool mayMultiply = LlamaBinding.MayMultiply(options);
        if (loaded is null)
        {
            bool ownProducts = mayMultiply && LlamaBinding.CanMultiplyAll(file, layout);
            SafeLlamaModelHandle handle = Load(file, layout, options, repack: !ownProducts, logger, progress, cancellationToken);
            return new LLamaSharpWeights(handle, owned: true, ownProducts);
        }

        WeightsCheck.Run(loaded, file, layout);
        // Whatever of them is repacked stays the library's to multiply.
        return new LLamaSharpWeights(loaded, owned: false, mayMultiply);
    }

    private static unsafe SafeLlamaModelHandle Load(
        GgufFile file,
        TextModelLayout layout,
        ModelOptions options,
        bool repack,
        ILogger logger,
        IProgress<float>? progress,
        CancellationToken cancellationToken)
    {
        using NativeLog.Route log = NativeLog.To(logger);
        LoadWatch watch = new(progress, cancellationToken);
        LLamaModelParams parameters = LLamaModelParams.Default();
        parameters.n_gpu_layers = options.GpuLayers;
        parameters.use_extra_bufts = options.Repack && repack;
        if (!options.MemoryMap) parameters.load_mode = LLamaLoadMode.None;
        parameters.progress_callback = (fraction, _) => watch.GoOn(fraction);
        llama_model_kv_override* overrides = stackalloc llama_model_kv_override[NoVocabulary.Count];
        NoVocabulary.Write(overrides, layout);
        parameters.kv_overrides = (LLamaModelMetadataOverride*)overrides;
        try
        {
            SafeLlamaModelHandle handle = SafeLlamaModelHandle.LoadFromFile(file.Path, parameters);
            if (!watch.Ended) return handle;
            handle.Dispose();
            throw watch.Outcome(file.Path, log);
        }
        catch (LoadWeightsFailedException failure)
        {
            throw watch.Outcome(file.Path, log, failure);
        }
    }
}
