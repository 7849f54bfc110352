using System.Runtime.InteropServices;

namespace PaliGguf.Interop;

/// <summary>The functions of llama.h that pass parameter structures: callers see those of llama.cpp 0.5, whichever build is
/// loaded.</summary>
internal static unsafe partial class Llama
{
    private static bool IsOlder => NativeLibraries.Load().Build.Layout == ParameterLayout.B10221;

    public static llama_model_params llama_model_default_params() => IsOlder ? OlderModelDefaults().Widen() : ModelDefaults();

    public static llama_context_params llama_context_default_params() => IsOlder ? OlderContextDefaults().Widen() : ContextDefaults();

    public static LlamaModelHandle llama_model_load_from_file(string path, llama_model_params parameters) =>
        IsOlder ? LoadModel(path, llama_model_params_b10221.Narrow(parameters)) : LoadModel(path, parameters);

    public static LlamaContextHandle llama_init_from_model(LlamaModelHandle model, llama_context_params parameters) =>
        IsOlder ? MakeContext(model, llama_context_params_b10221.Narrow(parameters)) : MakeContext(model, parameters);

    [LibraryImport(Library, EntryPoint = nameof(llama_model_default_params))]
    private static partial llama_model_params ModelDefaults();

    [LibraryImport(Library, EntryPoint = nameof(llama_model_default_params))]
    private static partial llama_model_params_b10221 OlderModelDefaults();

    [LibraryImport(Library, EntryPoint = nameof(llama_context_default_params))]
    private static partial llama_context_params ContextDefaults();

    [LibraryImport(Library, EntryPoint = nameof(llama_context_default_params))]
    private static partial llama_context_params_b10221 OlderContextDefaults();

    [LibraryImport(Library, EntryPoint = nameof(llama_model_load_from_file), StringMarshalling = StringMarshalling.Utf8)]
    private static partial LlamaModelHandle LoadModel(string path, llama_model_params parameters);

    [LibraryImport(Library, EntryPoint = nameof(llama_model_load_from_file), StringMarshalling = StringMarshalling.Utf8)]
    private static partial LlamaModelHandle LoadModel(string path, llama_model_params_b10221 parameters);

    [LibraryImport(Library, EntryPoint = nameof(llama_init_from_model))]
    private static partial LlamaContextHandle MakeContext(LlamaModelHandle model, llama_context_params parameters);

    [LibraryImport(Library, EntryPoint = nameof(llama_init_from_model))]
    private static partial LlamaContextHandle MakeContext(LlamaModelHandle model, llama_context_params_b10221 parameters);
}
