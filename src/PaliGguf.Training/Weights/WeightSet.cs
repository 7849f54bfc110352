namespace PaliGguf.Training.Weights;

/// <summary>
/// The tensors that a part of the model is made of: each is taken once, and those that are streamed share memory by their role.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="type">What matrices are computed with.</param>
/// <param name="streamed">Whether matrices of layers share memory and are turned into what is computed with at every use.</param>
internal sealed class WeightSet(WeightFile file, ScalarType type, bool streamed)
{
    private readonly Dictionary<string, Tensor> _shared = new(StringComparer.Ordinal);
    private readonly List<Weight> _all = [];

    /// <summary>All that were taken.</summary>
    public IReadOnlyList<Weight> All => _all;

    /// <summary>Takes a matrix of a layer.</summary>
    /// <param name="name">Its name in the file.</param>
    /// <param name="path">Its short name.</param>
    /// <param name="role">What it has in common with those of other layers that have its shape.</param>
    /// <param name="used">Its rows and columns without padding; null for all.</param>
    public Weight Matrix(string name, string path, string role, (long Rows, long Columns)? used = null)
    {
        if (streamed && !_shared.ContainsKey(role))
            _shared.Add(role, WeightFile.Allocate(file.File.GetTensor(name), type).DetachFromDisposeScope());
        return Take(new Weight(file, name, path, streamed ? _shared[role] : null, used) { IsProduct = true });
    }

    /// <summary>Takes a bias, a gain, or another tensor that is held.</summary>
    public Weight Vector(string name, string path, (long Rows, long Columns)? used = null) =>
        Take(new Weight(file, name, path, used: used));

    private Weight Take(Weight weight)
    {
        _all.Add(weight);
        return weight;
    }
}
