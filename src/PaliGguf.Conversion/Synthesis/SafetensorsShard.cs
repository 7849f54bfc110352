using PaliGguf.Conversion.Output;
using PaliGguf.Conversion.Sources;
using PaliGguf.Conversion.Tensors;

namespace PaliGguf.Conversion.Synthesis;

/// <summary>One safetensors file of a checkpoint, in bfloat16.</summary>
/// <param name="name">The file's name.</param>
internal sealed class SafetensorsShard(string name)
{
    private const int ElementBytes = 2;
    private readonly List<PlannedTensor> _tensors = [];

    public string Name => name;

    /// <summary>The names of its tensors.</summary>
    public IEnumerable<string> TensorNames => _tensors.Select(tensor => tensor.Name);

    public long DataBytes { get; private set; }

    public void Add(PlannedTensor tensor)
    {
        _tensors.Add(tensor);
        DataBytes += tensor.Source.Count * ElementBytes;
    }

    public void Write(string path, Action<long> written, CancellationToken cancellationToken)
    {
        using FileStream stream = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1 << 16);
        stream.Write(SafetensorsBeginning.Of(_tensors.Select(tensor => (tensor.Name, ElementType.BF16, tensor.Source.Shape))));
        TensorWriter tensors = new(written);
        foreach (PlannedTensor tensor in _tensors) tensors.Write(tensor, GgmlType.BF16, default, stream, cancellationToken);
        stream.Flush(flushToDisk: true);
    }
}
