using PaliGguf.Conversion.Sources;

namespace PaliGguf.Conversion.Tensors;

/// <summary>
/// The tensors of a checkpoint under their short names. Whatever is missing, surplus, of a wrong shape or type is gathered while they
/// are taken, and reported all at once.
/// </summary>
internal sealed class TensorSet : ITensorSet
{
    private const int MostShown = 10;
    private readonly string _path;
    private readonly bool _newGeneration;
    private readonly Dictionary<string, SourceTensor> _tensors = new(StringComparer.Ordinal);
    private readonly List<string> _missing = [];
    private readonly List<string> _wrong = [];
    private readonly List<string> _surplus = [];

    public TensorSet(Checkpoint checkpoint)
    {
        _path = checkpoint.Path;
        _newGeneration = checkpoint.Tensors.Keys.Any(TensorNames.IsNewGeneration);
        foreach ((string name, SourceTensor tensor) in checkpoint.Tensors.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            string? shortName = TensorNames.Shorten(name);
            if (shortName is not null && TensorNames.IsUnused(shortName)) continue;
            if (shortName is null || !_tensors.TryAdd(shortName, tensor)) _surplus.Add(OneLine.Show(name));
        }
    }

    /// <inheritdoc/>
    public SourceTensor? Take(string shortName, params ReadOnlySpan<long> shape)
    {
        if (!_tensors.Remove(shortName, out SourceTensor? tensor))
        {
            _missing.Add(TensorNames.Spell(shortName, _newGeneration));
            return null;
        }

        if (!tensor.Shape.SequenceEqual(shape.ToArray()))
        {
            _wrong.Add($"{OneLine.Show(tensor.Name)} is {OneLine.Show(tensor.Shape)}, expected {OneLine.Show(shape.ToArray())}");
        }
        else if (!tensor.Type.IsReadable())
        {
            _wrong.Add($"{OneLine.Show(tensor.Name)} is {tensor.Type}, expected F32, F16 or BF16");
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
        _surplus.AddRange(_tensors.Values.Select(tensor => OneLine.Show(tensor.Name)).Order(StringComparer.Ordinal));
        string[] problems =
        [
            .. _missing.Select(name => "missing " + name),
            .. _wrong,
            .. _surplus.Select(name => "surplus " + name),
        ];
        if (problems.Length == 0) return;
        string more = problems.Length > MostShown ? $"; and {problems.Length - MostShown} more" : "";
        string counts = string.Join(
            ", ",
            new[] { (_missing.Count, "missing"), (_wrong.Count, "unfit"), (_surplus.Count, "surplus") }
                .Where(kind => kind.Item1 > 0)
                .Select(kind => $"{kind.Item1} {kind.Item2}"));
        throw new ModelFormatException(_path, $"the tensors do not fit config.json ({counts}): {string.Join("; ", problems.Take(MostShown))}{more}");
    }
}
