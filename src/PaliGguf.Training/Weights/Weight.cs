using PaliGguf.Gguf;
using PaliGguf.Training.Runtime;

namespace PaliGguf.Training.Weights;

/// <summary>
/// A tensor of the model. It is held as it is computed with, in memory that it shares with its namesakes of other layers and that is
/// filled from the file whenever its layer's turn comes, or in 32 bits as long as it is trained.
/// </summary>
internal sealed class Weight
{
    private readonly WeightFile _file;
    private readonly GgufTensor _tensor;
    private readonly Tensor? _shared;
    private readonly bool _isPadded;
    private Tensor? _own;

    /// <summary>Names a tensor; nothing is read yet.</summary>
    /// <param name="file">The file that it is in.</param>
    /// <param name="name">Its name there.</param>
    /// <param name="path">Its path in the checkpoint, by its short name: <c>text.layers.0.self_attn.q_proj.weight</c>.</param>
    /// <param name="shared">The memory that it is turned into time and again; null to hold it.</param>
    /// <param name="used">The rows and columns that are no padding; null for all.</param>
    public Weight(WeightFile file, string name, string path, Tensor? shared = null, (long Rows, long Columns)? used = null)
    {
        _file = file;
        _tensor = file.File.GetTensor(name);
        _shared = shared;
        Path = path;
        Columns = used?.Columns ?? _tensor.RowLength;
        Rows = used?.Rows ?? _tensor.RowCount;
        _isPadded = (Rows, Columns) != (_tensor.RowCount, _tensor.RowLength);
    }

    /// <summary>Its name in GGUF.</summary>
    public string Name => _tensor.Name;

    /// <summary>Its path in the checkpoint, by its short name.</summary>
    public string Path { get; }

    /// <summary>Whether it is a matrix, and no bias or gain: those are not decayed.</summary>
    public bool IsMatrix => _tensor.Shape.Length > 1;

    /// <summary>Whether it is the matrix of a layer's product.</summary>
    public bool IsProduct { get; init; }

    /// <summary>Whether an optimizer changes it.</summary>
    public bool IsTrained => _own is { requires_grad: true };

    /// <summary>Its rows without padding.</summary>
    public long Rows { get; }

    /// <summary>The length of a row without padding.</summary>
    public long Columns { get; }

    /// <summary>The tensor as it is trained.</summary>
    /// <exception cref="InvalidOperationException">It is not.</exception>
    public Tensor Trained => IsTrained ? _own! : throw new InvalidOperationException($"{Name} is not trained.");

    /// <summary>The tensor as a product wants it.</summary>
    /// <param name="type">The type of what it is multiplied with.</param>
    public Tensor As(ScalarType type)
    {
        Tensor held = _own ??= _shared is null ? Read(type) : Used(_shared).DetachFromDisposeScope();
        return held.dtype == type ? held : held.to(type);
    }

    /// <summary>Makes sure that the memory that it shares holds it.</summary>
    public void Prepare()
    {
        if (_shared is not null && !IsTrained) _file.Fill(_tensor, 0, _shared);
    }

    /// <summary>Lets an optimizer change it, from what the file holds on.</summary>
    public void Train()
    {
        _own?.Dispose();
        _own = Read(ScalarType.Float32).requires_grad_();
    }

    /// <summary>The elements as the file would hold them, padded again.</summary>
    /// <param name="added">What is added to them, without padding; null for nothing.</param>
    public Tensor ToStored(Tensor? added = null)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        Tensor stored = WeightFile.Allocate(_tensor, ScalarType.Float32);
        if (IsTrained) Used(stored.zero_()).copy_(Trained);
        else _file.Fill(_tensor, 0, stored);
        if (added is not null) Used(stored).Add(added);
        return stored.MoveToOuterDisposeScope();
    }

    private Tensor Read(ScalarType type)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor all = WeightFile.Allocate(_tensor, type);
        _file.Fill(_tensor, 0, all);
        return (_isPadded ? Used(all).contiguous() : all).DetachFromDisposeScope();
    }

    private Tensor Used(Tensor all) => !_isPadded ? all
        : all.dim() == 1 ? all.narrow(0, 0, Columns)
        : all.narrow(0, 0, Rows).narrow(1, 0, Columns);
}
