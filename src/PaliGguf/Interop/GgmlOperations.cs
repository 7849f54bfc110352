using PaliGguf.Gguf;

namespace PaliGguf.Interop;

/// <summary>The numbers of operations, as the loaded library has them: they change between its releases.</summary>
internal static unsafe class GgmlOperations
{
    private static readonly Lazy<int> LazyProduct = new(() => Number((context, source) => (nint)Ggml.ggml_mul_mat(context, (ggml_tensor*)source, (ggml_tensor*)source)));
    private static readonly Lazy<int> LazyCustom = new(() => Number((context, source) =>
    {
        ggml_tensor* only = (ggml_tensor*)source;
        return (nint)Ggml.ggml_custom_4d(context, GgmlType.F32, 1, 1, 1, 1, &only, 1, null, 1, null);
    }));

    /// <summary>GGML_OP_MUL_MAT: a matrix times rows.</summary>
    public static int Product => LazyProduct.Value;

    /// <summary>GGML_OP_CUSTOM: a function of the caller's.</summary>
    public static int Custom => LazyCustom.Value;

    private static int Number(Func<GgmlContextHandle, nint, nint> operation)
    {
        using GgmlContextHandle context = Ggml.ggml_init(new ggml_init_params { mem_size = Ggml.ggml_tensor_overhead() * 4, no_alloc = 1 });
        return ((ggml_tensor*)operation(context, (nint)Ggml.ggml_new_tensor_2d(context, GgmlType.F32, 1, 1)))->op;
    }
}
