using System.Runtime.InteropServices;

namespace PaliGguf.Interop;

/// <summary>Owns a native object that is released by one function.</summary>
internal abstract class NativeHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    /// <summary>The pointer, for structures and arrays that hold it; the caller keeps this handle alive meanwhile.</summary>
    public nint Pointer => handle;

    protected sealed override bool ReleaseHandle()
    {
        Free(handle);
        return true;
    }

    protected abstract void Free(nint pointer);
}

internal sealed class LlamaModelHandle : NativeHandle
{
    protected override void Free(nint pointer) => Llama.llama_model_free(pointer);
}

internal sealed class LlamaContextHandle : NativeHandle
{
    protected override void Free(nint pointer) => Llama.llama_free(pointer);
}

internal sealed class GgmlContextHandle : NativeHandle
{
    protected override void Free(nint pointer) => Ggml.ggml_free(pointer);
}

internal sealed class GgmlBufferHandle : NativeHandle
{
    protected override void Free(nint pointer) => GgmlBackend.ggml_backend_buffer_free(pointer);
}

internal sealed class GgmlBackendHandle : NativeHandle
{
    protected override void Free(nint pointer) => GgmlBackend.ggml_backend_free(pointer);
}

internal sealed class GgmlSchedulerHandle : NativeHandle
{
    protected override void Free(nint pointer) => GgmlBackend.ggml_backend_sched_free(pointer);
}
