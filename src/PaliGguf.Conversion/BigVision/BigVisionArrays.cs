using PaliGguf.Conversion.Sources;
using PaliGguf.Conversion.Tensors;

namespace PaliGguf.Conversion.BigVision;

/// <summary>
/// The arrays of a PaliGemma checkpoint as big_vision saves it, by their names below its <c>params/</c>: "img/..." and "llm/...". What is missing, unfit or
/// left over is gathered while they are taken.
/// </summary>
internal sealed class BigVisionArrays
{
    private const string Embedding = "llm/embedder/input_embedding";
    private const string Summary = "the arrays are not those of a PaliGemma checkpoint of big_vision";
    private static readonly string[] TrainingState = ["opt", "opt_state", "extra"];
    private readonly NpzFile _file;
    private readonly string _prefix;
    private readonly HashSet<string> _left;
    private readonly TensorProblems _problems = new();

    public BigVisionArrays(NpzFile file)
    {
        _file = file;
        _prefix = FindPrefix(file);
        _left = new(file.Names.Where(BelongsToModel).Select(name => name[_prefix.Length..]), StringComparer.Ordinal);
    }

    public bool Contains(string name) => _left.Contains(name);

    /// <summary>The shape of an array that tells sizes; of ones, and a problem, when it is missing or has another number of dimensions.</summary>
    public IReadOnlyList<long> ShapeOf(string name, int dimensions)
    {
        long[] none = [.. Enumerable.Repeat(1L, dimensions)];
        if (!_left.Contains(name))
        {
            _problems.AddMissing(_prefix + name);
            return none;
        }

        NpzArray array = _file.Array(_prefix + name);
        if (array.Shape.Count == dimensions) return array.Shape;
        _problems.AddUnfit(array.Name, $"is {OneLine.Show(array.Shape)}, expected {dimensions} dimensions");
        return none;
    }

    /// <summary>Takes an array; null when it is missing or has another shape, which is then a problem.</summary>
    public SourceTensor? Take(string name, params IReadOnlyList<long> shape)
    {
        if (!_left.Remove(name))
        {
            _problems.AddMissing(_prefix + name);
            return null;
        }

        NpzArray array = _file.Array(_prefix + name);
        if (array.Shape.SequenceEqual(shape)) return array;
        _problems.AddUnfit(array, shape);
        return null;
    }

    /// <summary>A size out of an array's shape, which is a problem when it is larger than any model's; 1 then.</summary>
    public int Size(string name, long size, int largest)
    {
        if (size <= largest) return (int)size;
        AddUnfit(name, $"has a dimension of {size}, expected at most {largest}");
        return 1;
    }

    public void AddUnfit(string name, string problem) => _problems.AddUnfit(_prefix + name, problem);

    /// <exception cref="ModelFormatException">Lists the problems so far.</exception>
    public void ThrowIfUnfit() => _problems.ThrowIfAny(_file.Path, Summary);

    /// <summary>To be called when everything has been taken.</summary>
    /// <exception cref="ModelFormatException">Lists the problems, what is left over among them.</exception>
    public void Complete()
    {
        foreach (string name in _left.Order(StringComparer.Ordinal)) _problems.AddSurplus(_prefix + name);
        ThrowIfUnfit();
    }

    // Below the prefix all must be known. Beside it lies what else a training run saves; without a prefix, that is known by its first name.
    private bool BelongsToModel(string name) => name.StartsWith(_prefix, StringComparison.Ordinal) && (_prefix.Length > 0 || !IsTrainingState(name));

    private static bool IsTrainingState(string name) => name.Split('/').Any(part => TrainingState.Contains(part, StringComparer.Ordinal));

    private static string FindPrefix(NpzFile file)
    {
        string[] prefixes = [.. file.Names
            .Where(name => name == Embedding || name.EndsWith("/" + Embedding, StringComparison.Ordinal))
            .Where(name => !IsTrainingState(name))
            .Select(name => name[..^Embedding.Length])
            .Order(StringComparer.Ordinal)];
        return prefixes.Length switch
        {
            1 => prefixes[0],
            0 => throw new ModelFormatException(file.Path, $"there is no array params/{Embedding}: this is no PaliGemma checkpoint of big_vision"),
            _ => throw new ModelFormatException(file.Path, $"there are several models: {string.Join(", ", prefixes.Take(4).Select(prefix => $"'{OneLine.Show(prefix)}'"))}"),
        };
    }
}
