using System.Runtime.InteropServices;
using PaliGguf.Gguf;
using PaliGguf.Interop;

namespace PaliGguf.Vision;

/// <summary>The tower's weights on a device: each matrix in the fastest kind of memory that can multiply it, the rest in the plain one.</summary>
internal sealed unsafe class WeightStore : IDisposable
{
    private readonly Dictionary<string, nint> _tensors = new(StringComparer.Ordinal);
    private readonly List<GgmlContextHandle> _contexts = [];
    private readonly List<GgmlBufferHandle> _buffers = [];

    /// <summary>Copies tensors of a file to a device.</summary>
    /// <param name="file">A checked vision file.</param>
    /// <param name="tensors">Those that the tower uses; a file may hold others, of whatever types.</param>
    /// <param name="device">Where the tower will run.</param>
    /// <param name="repack">Whether matrices may lie in forms of the device's own.</param>
    /// <param name="matrixShape">The two dimensions in which a weight is multiplied; null for one that is not.</param>
    public WeightStore(GgufFile file, IEnumerable<GgufTensor> tensors, ComputeDevice device, bool repack, Func<GgufTensor, (long In, long Out)?> matrixShape)
    {
        try
        {
            foreach (IGrouping<nint, GgufTensor> group in tensors.GroupBy(tensor => Choose(tensor, device, repack ? matrixShape(tensor) : null)))
            {
                Allocate(file, group.Key, [.. group], matrixShape);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The bytes they take on the device.</summary>
    public long Bytes => _buffers.Sum(buffer => (long)GgmlBackend.ggml_backend_buffer_get_size(buffer));

    /// <summary>The kinds of memory in use, as the library names them.</summary>
    public IReadOnlyList<string> BufferTypeNames { get; private set; } = [];

    public ggml_tensor* this[string name] => (ggml_tensor*)_tensors[name];

    public void Dispose()
    {
        foreach (GgmlBufferHandle buffer in _buffers) buffer.Dispose();
        foreach (GgmlContextHandle context in _contexts) context.Dispose();
    }

    private static nint Choose(GgufTensor tensor, ComputeDevice device, (long In, long Out)? shape) =>
        shape is { } matrix ? device.WeightBufferType(tensor.Type, matrix.In, matrix.Out) : device.PlainBufferType;

    private void Allocate(GgufFile file, nint bufferType, GgufTensor[] tensors, Func<GgufTensor, (long In, long Out)?> matrixShape)
    {
        GgmlContextHandle context = NewContext(tensors.Length);
        _contexts.Add(context);
        foreach (GgufTensor tensor in tensors)
        {
            _tensors[tensor.Name] = (nint)(matrixShape(tensor) is { } matrix
                ? Ggml.ggml_new_tensor_2d(context, tensor.Type, matrix.In, matrix.Out)
                : Ggml.ggml_new_tensor_2d(context, GgmlType.F32, tensor.RowLength, tensor.RowCount));
            Ggml.ggml_set_name(this[tensor.Name], tensor.Name);
        }

        GgmlBufferHandle buffer = GgmlBackend.ggml_backend_alloc_ctx_tensors_from_buft(context, (ggml_backend_buffer_type*)bufferType);
        string kind = ComputeDevice.BufferTypeName(bufferType);
        if (buffer.IsInvalid)
        {
            throw new ModelMemoryException($"The vision weights ({tensors.Sum(tensor => tensor.ByteLength) >> 20} MiB) do not fit into {kind} memory.");
        }

        _buffers.Add(buffer);
        BufferTypeNames = [.. BufferTypeNames, kind];
        GgmlBackend.ggml_backend_buffer_set_usage(buffer, GgmlBackend.UsageWeights);
        foreach (GgufTensor tensor in tensors) Upload(file, tensor);
    }

    private void Upload(GgufFile file, GgufTensor tensor)
    {
        ggml_tensor* target = this[tensor.Name];
        ReadOnlySpan<byte> stored = file.GetRows(tensor, 0, checked((int)tensor.RowCount));
        if (target->type != tensor.Type)
        {
            // Biases, norms and positions are added as 32-bit floats, however a file stores them.
            float[] values = new float[tensor.RowLength * tensor.RowCount];
            GgmlRows.Dequantize(tensor.Type, stored, values);
            stored = MemoryMarshal.AsBytes(values.AsSpan());
        }

        fixed (byte* data = stored) GgmlBackend.ggml_backend_tensor_set(target, data, 0, (nuint)stored.Length);
    }

    private static GgmlContextHandle NewContext(int tensors) =>
        Ggml.ggml_init(new ggml_init_params { mem_size = Ggml.ggml_tensor_overhead() * (nuint)(tensors + 1), no_alloc = 1 });
}
