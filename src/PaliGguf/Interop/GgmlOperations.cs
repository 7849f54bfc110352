namespace PaliGguf.Interop;

/// <summary>The numbers of operations, as the loaded library has them: they change between its releases.</summary>
internal static unsafe class GgmlOperations
{
    private static readonly Lazy<OperationNumbers> Numbers = new(Read);

    /// <summary>Has them ready, so that asking for one in a callback of the library does nothing else.</summary>
    public static void Load() => _ = Numbers.Value;

    /// <summary>GGML_OP_CUSTOM: a function of the caller's.</summary>
    public static int Custom => Numbers.Value.Custom;

    /// <summary>Whether a node is a matrix times rows.</summary>
    public static bool IsProduct(ggml_tensor* node) => node->op == Numbers.Value.Product;

    /// <summary>Whether a node is attention in one piece.</summary>
    public static bool IsFlashAttention(ggml_tensor* node) => node->op == Numbers.Value.FlashAttention;

    /// <summary>Whether a node writes rows of a tensor, as of a KV cache, by their numbers.</summary>
    public static bool IsSettingRows(ggml_tensor* node) => node->op == Numbers.Value.SettingRows;

    /// <summary>Whether a node is the hyperbolic tangent.</summary>
    public static bool IsTanh(ggml_tensor* node) => (node->op, node->op_params[0]) == Numbers.Value.Tanh;

    /// <summary>Whether a node is the tanh form of GELU of its first source, times the second.</summary>
    public static bool IsGatedGelu(ggml_tensor* node) => (node->op, node->op_params[0]) == Numbers.Value.GatedGelu && node->op_params[1] == 0 && node->src[1] != 0;

    /// <summary>Whether a node is the tanh form of GELU.</summary>
    public static bool IsGelu(ggml_tensor* node) => (node->op, node->op_params[0]) == Numbers.Value.Gelu;

    private static OperationNumbers Read()
    {
        const int Tensors = 14;
        using GgmlContextHandle context =
            Ggml.ggml_init(new ggml_init_params { mem_size = Ggml.ggml_tensor_overhead() * Tensors, no_alloc = 1 });
        ggml_tensor* source = Ggml.ggml_new_tensor_2d(context, GgmlType.F32, 1, 1);
        ggml_tensor* tanh = Ggml.ggml_tanh(context, source);
        ggml_tensor* gelu = Ggml.ggml_gelu(context, source);
        ggml_tensor* gated = Ggml.ggml_geglu_split(context, source, source);
        int product = Ggml.ggml_mul_mat(context, source, source)->op;
        int custom = Ggml.ggml_custom_4d(context, GgmlType.F32, 1, 1, 1, 1, &source, 1, null, 1, null)->op;
        int attention = Ggml.ggml_flash_attn_ext(context, source, source, source, null, 1, 0, 0)->op;
        ggml_tensor* numbers = Ggml.ggml_new_tensor_2d(context, GgmlType.I64, 1, 1);
        int settingRows = Ggml.ggml_set_rows(context, source, source, numbers)->op;
        return new OperationNumbers(product, custom, attention, settingRows, Of(tanh), Of(gelu), Of(gated));

        static (int, int) Of(ggml_tensor* node) => (node->op, node->op_params[0]);
    }

    /// <summary>The last three are kinds of an operation.</summary>
    private sealed record OperationNumbers(
        int Product, int Custom, int FlashAttention, int SettingRows,
        (int Operation, int Kind) Tanh, (int Operation, int Kind) Gelu, (int Operation, int Kind) GatedGelu);
}
