using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace PaliGguf.Interop;

/// <summary>Opaque: a computation graph inside a ggml context.</summary>
internal struct ggml_cgraph;

/// <summary>Opaque: a kind of memory of a device.</summary>
internal struct ggml_backend_buffer_type;

/// <summary>Opaque: a CPU, a GPU or an accelerator.</summary>
internal struct ggml_backend_device;

/// <summary>Opaque: the backend that a device belongs to.</summary>
internal struct ggml_backend_reg;

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ggml_init_params
{
    public nuint mem_size;
    public void* mem_buffer;
    public byte no_alloc;
}

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ggml_type_traits
{
    public byte* type_name;
    public long blck_size;
    public long blck_size_interleave;
    public nuint type_size;
    public byte is_quantized;
    public delegate* unmanaged[Cdecl]<void*, float*, long, void> to_float;
    public delegate* unmanaged[Cdecl]<float*, void*, long, void> from_float_ref;
}

[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ggml_tensor
{
    public GgmlType type;
    public void* buffer;
    public Four<long> ne;
    public Four<nuint> nb;
    public int op;
    public Sixteen<int> op_params;
    public int flags;
    public Ten<nint> src;
    public ggml_tensor* view_src;
    public nuint view_offs;
    public void* data;
    public SixtyFour<byte> name;
    public void* extra;
    public long padding;

    /// <summary>A source; null if there is none.</summary>
    public readonly ggml_tensor* Source(int index) => (ggml_tensor*)src[index];

    [InlineArray(4)]
    internal struct Four<T>
    {
        private T _first;
    }

    [InlineArray(10)]
    internal struct Ten<T>
    {
        private T _first;
    }

    [InlineArray(16)]
    internal struct Sixteen<T>
    {
        private T _first;
    }

    [InlineArray(64)]
    internal struct SixtyFour<T>
    {
        private T _first;
    }
}
