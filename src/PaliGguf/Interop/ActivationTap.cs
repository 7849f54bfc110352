using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Text;

namespace PaliGguf.Interop;

/// <summary>
/// Shows an observer the rows that each weight matrix is multiplied with, through the callback that ggml's scheduler makes around the nodes of a graph. For one
/// scheduler; the caller asks after each computation whether the observer failed.
/// </summary>
internal sealed unsafe class ActivationTap : IDisposable
{
    // Other leaves of a graph are inputs, adapters, or the KV cache.
    private static readonly byte[] WeightSuffix = ".weight"u8.ToArray();

    private readonly IActivationObserver _observer;
    private readonly Func<string, IReadOnlyList<string>>? _parts;
    private GCHandle<ActivationTap> _self;
    private float[] _rows = [];
    private ExceptionDispatchInfo? _failure;

    /// <param name="observer">Who is shown the rows.</param>
    /// <param name="parts">The names of the matrices that one in the graph consists of; null if each is one.</param>
    public ActivationTap(IActivationObserver observer, Func<string, IReadOnlyList<string>>? parts = null)
    {
        _observer = observer;
        _parts = parts;
        _self = new GCHandle<ActivationTap>(this);
        GgmlOperations.Load();
    }

    /// <summary>For the scheduler: asks with 1 whether a node is of interest, and tells with 0 that it is computed; 0 in return ends the computation.</summary>
    public static delegate* unmanaged[Cdecl]<ggml_tensor*, byte, void*, byte> Callback => &OnNode;

    /// <summary>The callback's user data, valid until this is disposed.</summary>
    public void* UserData => (void*)GCHandle<ActivationTap>.ToIntPtr(_self);

    /// <summary>Throws what the observer threw during the last computation, whose results are void then.</summary>
    public void ThrowIfFailed()
    {
        ExceptionDispatchInfo? failure = _failure;
        _failure = null;
        failure?.Throw();
    }

    public void Dispose() => _self.Dispose();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte OnNode(ggml_tensor* node, byte ask, void* userData)
    {
        ActivationTap tap = GCHandle<ActivationTap>.FromIntPtr((nint)userData).Target;
        if (ask != 0) return (byte)(tap._failure is null && IsWeighted(node) ? 1 : 0);
        try
        {
            tap.Observe(node->Source(0), node->Source(1));
            return 1;
        }
        catch (Exception failure)
        {
            // It must not travel through native frames, so it waits until they have returned.
            tap._failure = ExceptionDispatchInfo.Capture(failure);
            return 0;
        }
    }

    private static bool IsWeighted(ggml_tensor* node)
    {
        if (!GgmlOperations.IsProduct(node)) return false;
        ggml_tensor* weight = node->Source(0);
        return weight->op == 0 && weight->view_src is null && Name(weight).EndsWith(WeightSuffix);
    }

    /// <summary>A tensor's name in its file: the scheduler calls its copy of one on another device DEVICE#NAME#NUMBER.</summary>
    private static ReadOnlySpan<byte> Name(ggml_tensor* tensor)
    {
        ReadOnlySpan<byte> name = MemoryMarshal.CreateReadOnlySpanFromNullTerminated((byte*)&tensor->name);
        int first = name.IndexOf((byte)'#');
        int last = name.LastIndexOf((byte)'#');
        return last > first ? name[(first + 1)..last] : name;
    }

    private void Observe(ggml_tensor* weight, ggml_tensor* input)
    {
        string name = Encoding.UTF8.GetString(Name(weight));
        if (input->type != GgmlType.F32) throw new InferenceException($"{name} is multiplied with rows of {input->type}, which can not be observed: expected F32.");
        int length = checked((int)input->ne[0]);
        int count = checked((int)(input->ne[1] * input->ne[2] * input->ne[3]) * length);
        if (_rows.Length < count) _rows = new float[count];
        Span<float> rows = _rows.AsSpan(0, count);
        Read(input, rows, length);
        foreach (string part in _parts?.Invoke(name) ?? [name]) _observer.Observe(part, rows, length);
    }

    /// <summary>Copies rows, wherever they lie and with whatever steps between them.</summary>
    private static void Read(ggml_tensor* input, Span<float> rows, int length)
    {
        nuint rowBytes = (nuint)length * sizeof(float);
        if (input->nb[0] != sizeof(float)) throw new InferenceException($"The elements of rows lie {input->nb[0]} bytes apart, which can not be observed: expected {sizeof(float)}.");
        bool dense = input->nb[1] == rowBytes && input->nb[2] == input->nb[1] * (nuint)input->ne[1] && input->nb[3] == input->nb[2] * (nuint)input->ne[2];
        fixed (float* target = rows)
        {
            if (dense)
            {
                GgmlBackend.ggml_backend_tensor_get(input, target, 0, (nuint)rows.Length * sizeof(float));
                return;
            }

            float* row = target;
            for (nuint i3 = 0; i3 < (nuint)input->ne[3]; i3++)
            {
                for (nuint i2 = 0; i2 < (nuint)input->ne[2]; i2++)
                {
                    for (nuint i1 = 0; i1 < (nuint)input->ne[1]; i1++, row += length)
                    {
                        GgmlBackend.ggml_backend_tensor_get(input, row, (i1 * input->nb[1]) + (i2 * input->nb[2]) + (i3 * input->nb[3]), rowBytes);
                    }
                }
            }
        }
    }
}
