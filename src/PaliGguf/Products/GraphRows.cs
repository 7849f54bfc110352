using PaliGguf.Interop;

namespace PaliGguf.Products;

/// <summary>How the rows of a graph's node lie in memory, which tells whether an operation of ours can compute them.</summary>
internal static unsafe class GraphRows
{
    /// <summary>Whether a tensor can be read and written where it lies.</summary>
    public static bool AreInMainMemory(ggml_tensor* tensor) =>
        tensor->buffer is not null && GgmlBackend.ggml_backend_buffer_is_host(tensor->buffer);

    /// <summary>Whether a node and its first sources are rows of one shape without gaps.</summary>
    public static bool AreDense(ggml_tensor* node, int sources)
    {
        if (!AreInMainMemory(node) || !IsDense(node)) return false;
        for (int index = 0; index < sources; index++)
        {
            ggml_tensor* source = node->Source(index);
            if (!IsDense(source) || source->ne[0] != node->ne[0] || source->ne[1] != node->ne[1]) return false;
        }

        return true;
    }

    /// <summary>Whether a tensor is a matrix of 32-bit floats whose rows have no gaps within.</summary>
    public static bool AreRows(ggml_tensor* rows) =>
        rows->type == GgmlType.F32 && rows->nb[0] == sizeof(float) && rows->ne[2] * rows->ne[3] == 1;

    private static bool IsDense(ggml_tensor* rows) => AreRows(rows) && rows->nb[1] == (nuint)rows->ne[0] * sizeof(float);
}
