using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PaliGguf.Interop;

/// <summary>A device of the ggml registry: the CPU, a GPU.</summary>
internal sealed unsafe class ComputeDevice
{
    private readonly ggml_backend_device* _device;

    private ComputeDevice(ggml_backend_device* device) => _device = device;

    public string Name => GgmlBackend.ggml_backend_dev_name(_device);

    public string Description => GgmlBackend.ggml_backend_dev_description(_device).Trim();

    public string Backend => GgmlBackend.ggml_backend_reg_name(GgmlBackend.ggml_backend_dev_backend_reg(_device));

    public GgmlDeviceType Type => GgmlBackend.ggml_backend_dev_type(_device);

    public bool IsGpu => Type is GgmlDeviceType.Gpu or GgmlDeviceType.IntegratedGpu;

    /// <summary>Free and total memory in bytes, as the device tells it.</summary>
    public (long Free, long Total) Memory
    {
        get
        {
            nuint free, total;
            GgmlBackend.ggml_backend_dev_memory(_device, &free, &total);
            return ((long)free, (long)total);
        }
    }

    /// <summary>All devices of this process, in the library's order.</summary>
    public static IReadOnlyList<ComputeDevice> All()
    {
        NativeLibraries.Load();
        List<ComputeDevice> devices = [];
        for (nuint index = 0; index < GgmlRegistry.ggml_backend_dev_count(); index++) devices.Add(new ComputeDevice(GgmlRegistry.ggml_backend_dev_get(index)));
        return devices;
    }

    /// <summary>The CPU, which every build of the libraries has.</summary>
    public static ComputeDevice Cpu() => All().First(device => device.Type == GgmlDeviceType.Cpu);

    /// <summary>Opens the device for computing.</summary>
    /// <exception cref="InferenceException">It does not open: it is in exclusive use, for example, or out of memory.</exception>
    public GgmlBackendHandle Open()
    {
        GgmlBackendHandle backend = GgmlBackend.ggml_backend_dev_init(_device, null);
        if (!backend.IsInvalid) return backend;
        backend.Dispose();
        throw new InferenceException($"The device {Name} ({Description}) does not open; '--gpu-layers 0' computes on the CPU.");
    }

    /// <summary>The kinds of memory that weights may lie in, the fastest first, the plain one last.</summary>
    public IReadOnlyList<nint> BufferTypes()
    {
        List<nint> types = [];
        var extraTypes = (delegate* unmanaged[Cdecl]<ggml_backend_device*, ggml_backend_buffer_type**>)Procedure("ggml_backend_dev_get_extra_bufts");
        if (extraTypes is not null)
        {
            for (ggml_backend_buffer_type** next = extraTypes(_device); next is not null && *next is not null; next++) types.Add((nint)(*next));
        }

        types.Add((nint)GgmlBackend.ggml_backend_dev_buffer_type(_device));
        return types;
    }

    /// <summary>The plain kind of memory, which holds any tensor as it is.</summary>
    public nint PlainBufferType => (nint)GgmlBackend.ggml_backend_dev_buffer_type(_device);

    /// <summary>The fastest kind of memory that a matrix of weights can be multiplied from.</summary>
    /// <param name="type">How it is stored.</param>
    /// <param name="columns">Its row length.</param>
    /// <param name="rows">Its rows.</param>
    public nint WeightBufferType(GgmlType type, long columns, long rows)
    {
        nint plain = PlainBufferType;
        // The special kinds of memory hold blocks of 32 x 32; what they are not asked about beforehand, they compute wrongly or crash on.
        if (columns % 32 != 0 || rows % 32 != 0) return plain;
        return BufferTypes().First(kind => kind == plain || CanMultiply(type, columns, rows, (ggml_backend_buffer_type*)kind));
    }

    public static string BufferTypeName(nint kind) => GgmlBackend.ggml_backend_buft_name((ggml_backend_buffer_type*)kind);

    public bool Supports(ggml_tensor* operation) => GgmlBackend.ggml_backend_dev_supports_op(_device, operation);

    /// <summary>Sets the CPU threads of an opened device; without effect on a GPU.</summary>
    public void SetThreads(GgmlBackendHandle backend, int threads)
    {
        var set = (delegate* unmanaged[Cdecl]<nint, int, void>)Procedure("ggml_backend_set_n_threads");
        if (set is not null) set(backend.Pointer, threads);
    }

    /// <summary>Lets a flag in memory end a computation early; without effect on a GPU.</summary>
    /// <param name="backend">The opened device.</param>
    /// <param name="flag">Not 0 to end; must outlive the backend.</param>
    public void SetAbortFlag(GgmlBackendHandle backend, int* flag)
    {
        var set = (delegate* unmanaged[Cdecl]<nint, delegate* unmanaged[Cdecl]<void*, byte>, void*, void>)Procedure("ggml_backend_set_abort_callback");
        if (set is not null) set(backend.Pointer, &IsSet, flag);
    }

    /// <summary>Reads an abort flag for a native caller.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static byte IsSet(void* flag) => Volatile.Read(ref *(int*)flag) != 0 ? (byte)1 : (byte)0;

    private bool CanMultiply(GgmlType type, long columns, long rows, ggml_backend_buffer_type* kind)
    {
        using GgmlContextHandle context = Ggml.ggml_init(new ggml_init_params { mem_size = Ggml.ggml_tensor_overhead() * 8, no_alloc = 1 });
        ggml_tensor* weight = Ggml.ggml_new_tensor_2d(context, type, columns, rows);
        ggml_tensor* product = Ggml.ggml_mul_mat(context, weight, Ggml.ggml_new_tensor_2d(context, GgmlType.F32, columns, 512));
        using GgmlBufferHandle probe = GgmlBackend.ggml_backend_buft_alloc_buffer(kind, 0);
        weight->buffer = (void*)probe.Pointer;
        return Supports(product);
    }

    private void* Procedure(string name) => GgmlBackend.ggml_backend_reg_get_proc_address(GgmlBackend.ggml_backend_dev_backend_reg(_device), name);
}
