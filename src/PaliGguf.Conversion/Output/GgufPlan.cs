using PaliGguf.Conversion.Quantization;
using PaliGguf.Conversion.Tensors;
using PaliGguf.Gguf;

namespace PaliGguf.Conversion.Output;

/// <summary>One GGUF file to be: its metadata is set, its tensors are chosen, nothing has been converted.</summary>
internal sealed class GgufPlan
{
    /// <summary>The key of <see cref="ModelFileType"/>.</summary>
    public const string FileTypeKey = "general.file_type";

    /// <summary>The key of the version of ggml's block layouts, which files with quantized tensors have.</summary>
    public const string QuantizationVersionKey = "general.quantization_version";

    private const uint QuantizationVersion = 2;
    private readonly GgufWriter _writer = new();
    private readonly List<(PlannedTensor Tensor, GgmlType Type)> _tensors;
    private readonly TensorImportance _importance;
    private readonly ModelFileType _fileType;

    /// <exception cref="ConversionException">A type needs an importance matrix, and there is none for a tensor.</exception>
    public GgufPlan(IEnumerable<PlannedTensor> tensors, TypeRecipe recipe, TensorImportance importance)
    {
        _importance = importance;
        _fileType = recipe.FileType;
        _tensors = tensors.Select(tensor => (tensor, recipe.Choose(tensor))).ToList();
        TensorBytes =
            _tensors.Sum(entry =>
                entry.Type.RowByteLength(entry.Tensor.Source.Shape[^1]) * (entry.Tensor.Source.Count / entry.Tensor.Source.Shape[^1]));
        foreach ((PlannedTensor tensor, GgmlType type) in _tensors) importance.Check(tensor, type);
    }

    /// <summary>Where metadata is set.</summary>
    public GgufWriter Metadata => _writer;

    /// <summary>Bytes of all tensors, without the padding between them.</summary>
    public long TensorBytes { get; }

    /// <summary>The tensors and how they will be stored, in the file's order.</summary>
    public IReadOnlyList<(PlannedTensor Tensor, GgmlType Type)> Tensors => _tensors;

    /// <summary>Sets the keys that all models have.</summary>
    public void SetGeneral(string architecture, string type, string name)
    {
        _writer.Set("general.architecture", architecture);
        _writer.Set("general.type", type);
        _writer.Set("general.name", name);
        SetStorage();
    }

    /// <summary>Sets the keys that tell how matrices are stored.</summary>
    public void SetStorage()
    {
        _writer.Set(FileTypeKey, (uint)_fileType);
        if (_tensors.Any(entry => entry.Type.IsQuantized)) _writer.Set(QuantizationVersionKey, QuantizationVersion);
    }

    /// <summary>Sets the keys that tell where the checkpoint comes from.</summary>
    public void SetOrigin(SourceOrigin origin)
    {
        _writer.Set("general.source.url", origin.Address);
        _writer.Set("general.source.huggingface.repository", origin.Repository);
        _writer.Set("general.source.huggingface.commit", origin.Commit);
    }

    /// <summary>Writes the file.</summary>
    public void Write(string path, Action<long> written, CancellationToken cancellationToken)
    {
        AddTensors(written);
        _writer.Write(path, bytesWritten: null, cancellationToken);
    }

    /// <summary>Where everything will lie, for those who write the tensors in another order than that of <see cref="Tensors"/>.</summary>
    public GgufLayout Layout(Action<long> written)
    {
        AddTensors(written);
        return _writer.Layout();
    }

    private void AddTensors(Action<long> written)
    {
        TensorWriter tensors = new(written);
        foreach ((PlannedTensor tensor, GgmlType type) in _tensors)
        {
            // GGUF counts dimensions from the innermost one.
            long[] shape = tensor.Source.Shape.Reverse().ToArray();
            _writer.AddTensor(tensor.Name, type, shape, (stream, token) =>
                tensors.Write(tensor, type, _importance.Of(tensor, type), stream, token));
        }
    }
}
