using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace PaliGguf.Interop;

/// <summary>The functions of ggml-backend.h and ggml-alloc.h in use (library ggml-base), native names kept.</summary>
internal static unsafe partial class GgmlBackend
{
    public const int UsageWeights = 1;

    private const string Library = Ggml.Library;

    [LibraryImport(Library)]
    [return: MarshalUsing(typeof(StaticUtf8))]
    public static partial string ggml_backend_buft_name(ggml_backend_buffer_type* type);

    [LibraryImport(Library)]
    public static partial GgmlBufferHandle ggml_backend_buft_alloc_buffer(ggml_backend_buffer_type* type, nuint size);

    [LibraryImport(Library)]
    public static partial GgmlBufferHandle ggml_backend_alloc_ctx_tensors_from_buft(GgmlContextHandle context, ggml_backend_buffer_type* type);

    [LibraryImport(Library)]
    public static partial void ggml_backend_buffer_free(nint buffer);

    [LibraryImport(Library)]
    public static partial nuint ggml_backend_buffer_get_size(GgmlBufferHandle buffer);

    [LibraryImport(Library)]
    public static partial void* ggml_backend_buffer_get_base(GgmlBufferHandle buffer);

    [LibraryImport(Library)]
    public static partial void ggml_backend_buffer_set_usage(GgmlBufferHandle buffer, int usage);

    [LibraryImport(Library)]
    public static partial void ggml_backend_buffer_clear(GgmlBufferHandle buffer, byte value);

    [LibraryImport(Library)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool ggml_backend_buffer_is_host(void* buffer);

    [LibraryImport(Library)]
    public static partial void ggml_backend_tensor_set(ggml_tensor* tensor, void* data, nuint offset, nuint size);

    [LibraryImport(Library)]
    public static partial void ggml_backend_tensor_get(ggml_tensor* tensor, void* data, nuint offset, nuint size);

    [LibraryImport(Library)]
    [return: MarshalUsing(typeof(StaticUtf8))]
    public static partial string ggml_backend_dev_name(ggml_backend_device* device);

    [LibraryImport(Library)]
    [return: MarshalUsing(typeof(StaticUtf8))]
    public static partial string ggml_backend_dev_description(ggml_backend_device* device);

    [LibraryImport(Library)]
    public static partial void ggml_backend_dev_memory(ggml_backend_device* device, nuint* free, nuint* total);

    [LibraryImport(Library)]
    public static partial GgmlDeviceType ggml_backend_dev_type(ggml_backend_device* device);

    [LibraryImport(Library)]
    public static partial ggml_backend_reg* ggml_backend_dev_backend_reg(ggml_backend_device* device);

    [LibraryImport(Library)]
    [return: MarshalUsing(typeof(StaticUtf8))]
    public static partial string ggml_backend_reg_name(ggml_backend_reg* registry);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void* ggml_backend_reg_get_proc_address(ggml_backend_reg* registry, string name);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial GgmlBackendHandle ggml_backend_dev_init(ggml_backend_device* device, string? parameters);

    [LibraryImport(Library)]
    public static partial void ggml_backend_free(nint backend);

    [LibraryImport(Library)]
    public static partial ggml_backend_buffer_type* ggml_backend_dev_buffer_type(ggml_backend_device* device);

    [LibraryImport(Library)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool ggml_backend_dev_supports_op(ggml_backend_device* device, ggml_tensor* operation);

    [LibraryImport(Library)]
    public static partial int ggml_backend_graph_compute(GgmlBackendHandle backend, ggml_cgraph* graph);

    [LibraryImport(Library)]
    public static partial GgmlSchedulerHandle ggml_backend_sched_new(
        nint* backends, ggml_backend_buffer_type** bufferTypes, int backendCount, nuint graphSize,
        [MarshalAs(UnmanagedType.U1)] bool parallel, [MarshalAs(UnmanagedType.U1)] bool offloadOperations);

    [LibraryImport(Library)]
    public static partial void ggml_backend_sched_free(nint scheduler);

    [LibraryImport(Library)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool ggml_backend_sched_alloc_graph(GgmlSchedulerHandle scheduler, ggml_cgraph* graph);

    [LibraryImport(Library)]
    public static partial nuint ggml_backend_sched_get_buffer_size(GgmlSchedulerHandle scheduler, GgmlBackendHandle backend);

    [LibraryImport(Library)]
    public static partial int ggml_backend_sched_graph_compute(GgmlSchedulerHandle scheduler, ggml_cgraph* graph);

    [LibraryImport(Library)]
    public static partial void ggml_backend_sched_set_eval_callback(
        GgmlSchedulerHandle scheduler, delegate* unmanaged[Cdecl]<ggml_tensor*, byte, void*, byte> callback, void* userData);
}

/// <summary>enum ggml_backend_dev_type.</summary>
internal enum GgmlDeviceType
{
    Cpu = 0,
    Gpu = 1,
    IntegratedGpu = 2,
    Accelerator = 3,
}
