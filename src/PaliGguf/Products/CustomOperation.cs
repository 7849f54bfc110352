using System.Runtime.InteropServices;
using PaliGguf.Interop;

namespace PaliGguf.Products;

/// <summary>Operations of a graph that are functions of ours.</summary>
internal static unsafe class CustomOperation
{
    /// <summary>GGML_N_TASKS_MAX: the function is called on every thread.</summary>
    public const int EveryThread = -1;

    /// <summary>Makes such an operation of a node, of the same sources and result, in a graph on the CPU that is about to be computed.</summary>
    public static void Replace(ggml_tensor* node, delegate* unmanaged[Cdecl]<ggml_tensor*, int, int, void*, void> function, void* userData)
    {
        node->op_params = default;
        *(Parameters*)&node->op_params = new Parameters { Function = function, Tasks = EveryThread, UserData = userData };
        node->op = GgmlOperations.Custom;
    }

    /// <summary>struct ggml_custom_op_params (ggml-impl.h).</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Parameters
    {
        public delegate* unmanaged[Cdecl]<ggml_tensor*, int, int, void*, void> Function;
        public int Tasks;
        public void* UserData;
    }
}
