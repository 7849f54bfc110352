using PaliGguf.Conversion.Sources;

namespace PaliGguf.Conversion.Tensors;

/// <summary>
/// The tensors of a checkpoint under their short names. Whatever is missing, surplus, of a wrong shape or type is gathered while they
/// are taken, and reported all at once.
/// </summary>
internal sealed class TensorSet : ITensorSet
{
    private readonly string _path;
    private readonly TensorNaming _naming;
    private readonly Dictionary<string, SourceTensor> _tensors = new(StringComparer.Ordinal);
    private readonly TensorProblems _problems = new();

    public TensorSet(Checkpoint checkpoint, TensorNaming naming)
    {
        _path = checkpoint.Path;
        _naming = naming;
        foreach ((string name, SourceTensor tensor) in checkpoint.Tensors.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            string? shortName = naming.Shorten(name);
            if (shortName is not null && naming.IsUnused(shortName)) continue;
            if (shortName is null || !_tensors.TryAdd(shortName, tensor)) _problems.AddSurplus(name);
        }
    }

    /// <inheritdoc/>
    public SourceTensor? Take(string shortName, params ReadOnlySpan<long> shape)
    {
        if (!_tensors.Remove(shortName, out SourceTensor? tensor))
        {
            _problems.AddMissing(_naming.Spell(shortName));
            return null;
        }

        if (!tensor.Shape.SequenceEqual(shape.ToArray()))
        {
            _problems.AddUnfit(tensor, shape.ToArray());
        }
        else if (!tensor.Type.IsReadable())
        {
            _problems.AddUnfit(tensor.Name, $"is {tensor.Type}, expected F32, F16 or BF16");
        }
        else
        {
            return tensor;
        }

        return null;
    }

    /// <summary>Takes the output matrix out of the set, if the checkpoint has one.</summary>
    public SourceTensor? TakeHead() => _tensors.Remove(TensorNames.Head, out SourceTensor? head) ? head : null;

    /// <summary>To be called when everything has been taken.</summary>
    /// <exception cref="ModelFormatException">Lists every tensor that is missing, unfit or left over: the first ten, and how many more.</exception>
    public void Complete()
    {
        foreach (SourceTensor tensor in _tensors.Values.OrderBy(tensor => tensor.Name, StringComparer.Ordinal)) _problems.AddSurplus(tensor.Name);
        _problems.ThrowIfAny(_path, "the tensors do not fit config.json");
    }
}
