using PaliGguf.Conversion.Tensors;
using PaliGguf.Gguf;

namespace PaliGguf.Conversion.Output;

/// <summary>One GGUF file to be: its metadata is set, its tensors are chosen, nothing has been converted.</summary>
internal sealed class GgufPlan
{
    private readonly GgufWriter _writer = new();
    private readonly List<(PlannedTensor Tensor, GgmlType Type)> _tensors;

    public GgufPlan(IEnumerable<PlannedTensor> tensors, ModelFileType fileType)
    {
        _tensors = tensors.Select(tensor => (tensor, StorageType.Choose(fileType, tensor))).ToList();
        TensorBytes = _tensors.Sum(entry => entry.Type.RowByteLength(entry.Tensor.Source.Count));
    }

    /// <summary>Where metadata is set.</summary>
    public GgufWriter Metadata => _writer;

    /// <summary>Bytes of all tensors, without the padding between them.</summary>
    public long TensorBytes { get; }

    /// <summary>Sets the keys that all files of a type have.</summary>
    public void SetGeneral(string architecture, string type, string name, ModelFileType fileType)
    {
        _writer.Set("general.architecture", architecture);
        _writer.Set("general.type", type);
        _writer.Set("general.name", name);
        _writer.Set("general.file_type", (uint)fileType);
        if (fileType == ModelFileType.Q8_0) _writer.Set("general.quantization_version", 2u);
    }

    public void Write(string path, Action<long> written, CancellationToken cancellationToken)
    {
        foreach ((PlannedTensor tensor, GgmlType type) in _tensors)
        {
            // GGUF counts dimensions from the innermost one.
            long[] shape = tensor.Source.Shape.Reverse().ToArray();
            _writer.AddTensor(tensor.Name, type, shape, (stream, token) => TensorWriter.Write(tensor, type, stream, written, token));
        }

        _writer.Write(path, bytesWritten: null, cancellationToken);
    }
}
