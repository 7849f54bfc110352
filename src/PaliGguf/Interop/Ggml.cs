using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace PaliGguf.Interop;

/// <summary>The functions of ggml.h in use (library ggml-base), native names kept.</summary>
internal static unsafe partial class Ggml
{
    public const string Library = "ggml-base";

    /// <summary>GGML_PREC_F32: sums in 32-bit floats.</summary>
    public const int PrecisionF32 = 10;

    [LibraryImport(Library)]
    [return: MarshalUsing(typeof(StaticUtf8))]
    public static partial string ggml_version();

    [LibraryImport(Library)]
    [return: MarshalUsing(typeof(StaticUtf8))]
    public static partial string ggml_commit();

    [LibraryImport(Library)]
    public static partial void ggml_log_set(delegate* unmanaged[Cdecl]<int, byte*, void*, void> callback, void* userData);

    [LibraryImport(Library)]
    [return: MarshalUsing(typeof(StaticUtf8))]
    public static partial string ggml_type_name(GgmlType type);

    [LibraryImport(Library)]
    public static partial nuint ggml_type_size(GgmlType type);

    [LibraryImport(Library)]
    public static partial long ggml_blck_size(GgmlType type);

    [LibraryImport(Library)]
    public static partial ggml_type_traits* ggml_get_type_traits(GgmlType type);

    [LibraryImport(Library)]
    public static partial nuint ggml_quantize_chunk(
        GgmlType type, float* source, void* destination, long start, long rows, long rowLength, float* importance);

    [LibraryImport(Library)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool ggml_quantize_requires_imatrix(GgmlType type);

    [LibraryImport(Library)]
    public static partial GgmlContextHandle ggml_init(ggml_init_params parameters);

    [LibraryImport(Library)]
    public static partial void ggml_free(nint context);

    [LibraryImport(Library)]
    public static partial nuint ggml_tensor_overhead();

    [LibraryImport(Library)]
    public static partial nuint ggml_graph_overhead_custom(nuint size, [MarshalAs(UnmanagedType.U1)] bool gradients);

    [LibraryImport(Library)]
    public static partial ggml_tensor* ggml_new_tensor_2d(GgmlContextHandle context, GgmlType type, long ne0, long ne1);

    [LibraryImport(Library)]
    public static partial ggml_tensor* ggml_new_tensor_3d(GgmlContextHandle context, GgmlType type, long ne0, long ne1, long ne2);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial ggml_tensor* ggml_set_name(ggml_tensor* tensor, string name);

    [LibraryImport(Library)]
    public static partial void ggml_set_input(ggml_tensor* tensor);

    [LibraryImport(Library)]
    public static partial void ggml_set_output(ggml_tensor* tensor);

    [LibraryImport(Library)]
    public static partial nuint ggml_nbytes(ggml_tensor* tensor);

    [LibraryImport(Library)]
    public static partial ggml_tensor* ggml_mul_mat(GgmlContextHandle context, ggml_tensor* weight, ggml_tensor* x);

    [LibraryImport(Library)]
    public static partial ggml_tensor* ggml_add(GgmlContextHandle context, ggml_tensor* a, ggml_tensor* b);

    [LibraryImport(Library)]
    public static partial ggml_tensor* ggml_mul(GgmlContextHandle context, ggml_tensor* a, ggml_tensor* b);

    [LibraryImport(Library)]
    public static partial ggml_tensor* ggml_norm(GgmlContextHandle context, ggml_tensor* x, float epsilon);

    [LibraryImport(Library)]
    public static partial ggml_tensor* ggml_set_rows(
        GgmlContextHandle context, ggml_tensor* target, ggml_tensor* rows, ggml_tensor* numbers);

    [LibraryImport(Library)]
    public static partial ggml_tensor* ggml_tanh(GgmlContextHandle context, ggml_tensor* x);

    [LibraryImport(Library)]
    public static partial ggml_tensor* ggml_geglu_split(GgmlContextHandle context, ggml_tensor* gate, ggml_tensor* x);

    [LibraryImport(Library)]
    public static partial ggml_tensor* ggml_gelu(GgmlContextHandle context, ggml_tensor* x);

    [LibraryImport(Library)]
    public static partial ggml_tensor* ggml_cont(GgmlContextHandle context, ggml_tensor* x);

    [LibraryImport(Library)]
    public static partial ggml_tensor* ggml_scale(GgmlContextHandle context, ggml_tensor* x, float scale);

    [LibraryImport(Library)]
    public static partial ggml_tensor* ggml_reshape_2d(GgmlContextHandle context, ggml_tensor* x, long ne0, long ne1);

    [LibraryImport(Library)]
    public static partial ggml_tensor* ggml_reshape_3d(GgmlContextHandle context, ggml_tensor* x, long ne0, long ne1, long ne2);

    [LibraryImport(Library)]
    public static partial ggml_tensor* ggml_view_4d(
        GgmlContextHandle context, ggml_tensor* x, long ne0, long ne1, long ne2, long ne3, nuint nb1, nuint nb2, nuint nb3, nuint offset);

    [LibraryImport(Library)]
    public static partial ggml_tensor* ggml_concat(GgmlContextHandle context, ggml_tensor* a, ggml_tensor* b, int axis);

    [LibraryImport(Library)]
    public static partial ggml_tensor* ggml_permute(GgmlContextHandle context, ggml_tensor* x, int axis0, int axis1, int axis2, int axis3);

    [LibraryImport(Library)]
    public static partial ggml_tensor* ggml_soft_max_ext(GgmlContextHandle context, ggml_tensor* x, ggml_tensor* mask, float scale, float maxBias);

    [LibraryImport(Library)]
    public static partial ggml_tensor* ggml_pad(GgmlContextHandle context, ggml_tensor* x, int p0, int p1, int p2, int p3);

    [LibraryImport(Library)]
    public static partial ggml_tensor* ggml_cast(GgmlContextHandle context, ggml_tensor* x, GgmlType type);

    [LibraryImport(Library)]
    public static partial ggml_tensor* ggml_flash_attn_ext(
        GgmlContextHandle context, ggml_tensor* q, ggml_tensor* k, ggml_tensor* v, ggml_tensor* mask, float scale, float maxBias, float softCap);

    [LibraryImport(Library)]
    public static partial void ggml_flash_attn_ext_set_prec(ggml_tensor* attention, int precision);

    [LibraryImport(Library)]
    public static partial ggml_cgraph* ggml_new_graph_custom(GgmlContextHandle context, nuint size, [MarshalAs(UnmanagedType.U1)] bool gradients);

    [LibraryImport(Library)]
    public static partial ggml_tensor* ggml_map_custom2_inplace(
        GgmlContextHandle context, ggml_tensor* a, ggml_tensor* b, delegate* unmanaged[Cdecl]<ggml_tensor*, ggml_tensor*, ggml_tensor*, int, int, void*, void> function,
        int tasks, void* userData);

    [LibraryImport(Library)]
    public static partial ggml_tensor* ggml_custom_4d(
        GgmlContextHandle context, GgmlType type, long ne0, long ne1, long ne2, long ne3, ggml_tensor** sources, int sourceCount,
        delegate* unmanaged[Cdecl]<ggml_tensor*, int, int, void*, void> function, int tasks, void* userData);

    [LibraryImport(Library)]
    public static partial int ggml_graph_n_nodes(ggml_cgraph* graph);

    [LibraryImport(Library)]
    public static partial ggml_tensor* ggml_graph_node(ggml_cgraph* graph, int index);

    [LibraryImport(Library)]
    public static partial void ggml_build_forward_expand(ggml_cgraph* graph, ggml_tensor* tensor);
}
