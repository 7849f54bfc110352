using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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

    public ILlamaModel Load(
        GgufFile file,
        TextModelLayout layout,
        ModelOptions options,
        ILogger logger,
        IProgress<float>? progress,
        CancellationToken cancellationToken)
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
            llama_model_kv_override* overrides = stackalloc llama_model_kv_override[NoVocabulary.Count];
            NoVocabulary.Write(overrides, layout);
            if (!options.LibraryVocabulary) parameters.kv_overrides = overrides;
            LlamaModelHandle handle = Llama.llama_model_load_from_file(file.Path, parameters);
            if (!handle.IsInvalid && !watch.Target.Ended) return new LlamaModel(handle, ownProducts);
            handle.Dispose();
            throw watch.Target.Outcome(file.Path, log);
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
        layout.Tensors().All(tensor =>
            tensor.Shape.Length < 2 || MatrixProduct.TakesFewRows(file.GetTensor(tensor.Name).Type, tensor.Shape[0], tensor.Shape[1]));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte OnProgress(float fraction, void* userData) =>
        (byte)(GCHandle<LoadWatch>.FromIntPtr((nint)userData).Target.GoOn(fraction) ? 1 : 0);
}
