using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PaliGguf.Interop;

namespace PaliGguf.Products;

/// <summary>
/// Operations of a graph on the CPU that are functions of ours, <c>(result, part, parts, work)</c>. A graph that the library computes on several threads has each of
/// them call the function, with its number; one that it computes on a single thread has the <see cref="Crew"/> of the work share it.
/// </summary>
internal static unsafe class CustomOperation
{
    // GGML_N_TASKS_MAX: the function is called on every thread.
    private const int EveryThread = -1;

    // In the operation's parameters, the last two: behind the library's ggml_custom_op_params and what the functions keep there.
    private const int BodyParameter = 14;

    /// <summary>An operation in a graph that is being built, of rows of 32-bit floats.</summary>
    public static ggml_tensor* Of(
        GgmlContextHandle context, long columns, long rows, ReadOnlySpan<nint> sources,
        delegate*<ggml_tensor*, int, int, ProductWork, void> body, ProductWork work)
    {
        fixed (nint* first = sources)
        {
            ggml_tensor* node = Ggml.ggml_custom_4d(
                context, GgmlType.F32, columns, rows, 1, 1, (ggml_tensor**)first, sources.Length, &Compute, EveryThread, work.Pointer);
            Body(node) = body;
            return node;
        }
    }

    /// <summary>Makes such an operation of a node, of the same sources and result, in a graph that is about to be computed.</summary>
    /// <param name="node">The node.</param>
    /// <param name="body">The function.</param>
    /// <param name="work">What its threads share; null for a function that needs nothing, of a graph that the library's threads compute.</param>
    public static void Replace(ggml_tensor* node, delegate*<ggml_tensor*, int, int, ProductWork, void> body, ProductWork? work)
    {
        node->op_params = default;
        *(Parameters*)&node->op_params = new Parameters { Function = &Compute, Tasks = EveryThread, UserData = work is null ? null : work.Pointer };
        Body(node) = body;
        node->op = GgmlOperations.Custom;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Compute(ggml_tensor* result, int thread, int threads, void* pointer)
    {
        ProductWork? work = pointer is null ? null : ProductWork.From(pointer);
        if (threads == 1 && work is not null) work.Share(result, Body(result));
        else Body(result)(result, thread, threads, work!);
    }

    private static ref delegate*<ggml_tensor*, int, int, ProductWork, void> Body(ggml_tensor* node) =>
        ref *(delegate*<ggml_tensor*, int, int, ProductWork, void>*)((int*)&node->op_params + BodyParameter);

    /// <summary>struct ggml_custom_op_params (ggml-impl.h).</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Parameters
    {
        public delegate* unmanaged[Cdecl]<ggml_tensor*, int, int, void*, void> Function;
        public int Tasks;
        public void* UserData;
    }
}
