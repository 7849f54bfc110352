using System.Runtime.InteropServices;
using PaliGguf.Gguf;
using PaliGguf.Interop;

namespace PaliGguf.Vision;

/// <summary>The tower's weights on a device: each matrix in the fastest kind of memory that can multiply it, the rest in the plain one.</summary>
internal sealed unsafe class WeightStore : IDisposable
{
    private readonly Dictionary<string, nint> _tensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<string>> _parts = new(StringComparer.Ordinal);
    private readonly List<GgmlContextHandle> _contexts = [];
    private readonly List<GgmlBufferHandle> _buffers = [];

    /// <summary>Copies weights of a file to a device.</summary>
    /// <param name="file">A checked vision file.</param>
    /// <param name="layout">What it holds.</param>
    /// <param name="form">How the tower computes.</param>
    /// <param name="device">Where the tower will run.</param>
    /// <param name="repack">Whether matrices that the library multiplies may lie in forms of the device's own.</param>
    public WeightStore(GgufFile file, VisionLayout layout, TowerForm form, ComputeDevice device, bool repack)
    {
        try
        {
            IEnumerable<IGrouping<nint, StoredWeight>> groups = StoredWeight.Of(file, layout, form.Joined)
                .GroupBy(weight => Choose(weight, device, repack && !form.OwnProducts.Contains(weight.Name)));
            foreach (IGrouping<nint, StoredWeight> group in groups) Allocate(file, device, group.Key, [.. group]);
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

    /// <summary>The names in the file of the tensors that a weight consists of.</summary>
    public IReadOnlyList<string> PartsOf(string name) => _parts[name];

    public void Dispose()
    {
        foreach (GgmlBufferHandle buffer in _buffers) buffer.Dispose();
        foreach (GgmlContextHandle context in _contexts) context.Dispose();
    }

    private static nint Choose(StoredWeight weight, ComputeDevice device, bool repack) =>
        repack && weight.Matrix is { } matrix ? device.WeightBufferType(weight.Parts[0].Type, matrix.In, matrix.Out) : device.PlainBufferType;

    private void Allocate(GgufFile file, ComputeDevice device, nint bufferType, StoredWeight[] weights)
    {
        GgmlContextHandle context = NewContext(weights.Length);
        _contexts.Add(context);
        foreach (StoredWeight weight in weights)
        {
            _tensors[weight.Name] = (nint)(weight.Matrix is { } matrix
                ? Ggml.ggml_new_tensor_2d(context, weight.Parts[0].Type, matrix.In, matrix.Out)
                : Ggml.ggml_new_tensor_2d(context, GgmlType.F32, weight.Parts[0].RowLength * weight.Parts.Count, weight.Parts[0].RowCount));
            Ggml.ggml_set_name(this[weight.Name], weight.Name);
            _parts[weight.Name] = [.. weight.Parts.Select(part => part.Name)];
        }

        GgmlBufferHandle buffer = GgmlBackend.ggml_backend_alloc_ctx_tensors_from_buft(context, (ggml_backend_buffer_type*)bufferType);
        string kind = ComputeDevice.BufferTypeName(bufferType);
        if (buffer.IsInvalid)
        {
            throw new ModelMemoryException($"The vision weights ({weights.Sum(weight => weight.Parts.Sum(part => part.ByteLength)) >> 20} MiB) do not fit into {kind} memory.");
        }

        _buffers.Add(buffer);
        BufferTypeNames = [.. BufferTypeNames, kind];
        GgmlBackend.ggml_backend_buffer_set_usage(buffer, GgmlBackend.UsageWeights);
        bool host = bufferType == device.PlainBufferType && GgmlBackend.ggml_backend_buffer_is_host((void*)buffer.DangerousGetHandle());
        if (host) LargePages.AskFor(GgmlBackend.ggml_backend_buffer_get_base(buffer), GgmlBackend.ggml_backend_buffer_get_size(buffer));
        foreach (StoredWeight weight in weights) Upload(file, weight, inParts: host);
    }

    private void Upload(GgufFile file, StoredWeight weight, bool inParts)
    {
        ggml_tensor* target = this[weight.Name];
        if (inParts || weight.Parts.Count == 1)
        {
            nuint at = 0;
            foreach (GgufTensor part in weight.Parts)
            {
                ReadOnlySpan<byte> stored = Stored(file, part, target->type);
                Upload(target, stored, at);
                at += (nuint)stored.Length;
            }

            return;
        }

        // A kind of memory that changes the form takes a tensor as a whole.
        byte[] joined = new byte[weight.Parts.Sum(part => part.RowCount * target->type.RowByteLength(part.RowLength))];
        int filled = 0;
        foreach (GgufTensor part in weight.Parts)
        {
            ReadOnlySpan<byte> stored = Stored(file, part, target->type);
            stored.CopyTo(joined.AsSpan(filled));
            filled += stored.Length;
        }

        Upload(target, joined, 0);
    }

    private static void Upload(ggml_tensor* target, ReadOnlySpan<byte> stored, nuint at)
    {
        fixed (byte* data = stored) GgmlBackend.ggml_backend_tensor_set(target, data, at, (nuint)stored.Length);
    }

    /// <summary>A tensor's values. Biases, norms and positions are added as 32-bit floats, however a file stores them.</summary>
    private static ReadOnlySpan<byte> Stored(GgufFile file, GgufTensor tensor, GgmlType type)
    {
        ReadOnlySpan<byte> stored = file.GetRows(tensor, 0, checked((int)tensor.RowCount));
        if (tensor.Type == type) return stored;
        float[] values = new float[tensor.RowLength * tensor.RowCount];
        GgmlRows.Dequantize(tensor.Type, stored, values);
        return MemoryMarshal.AsBytes(values.AsSpan());
    }

    private static GgmlContextHandle NewContext(int tensors) =>
        Ggml.ggml_init(new ggml_init_params { mem_size = Ggml.ggml_tensor_overhead() * (nuint)(tensors + 1), no_alloc = 1 });
}
