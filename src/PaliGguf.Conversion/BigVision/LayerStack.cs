using PaliGguf.Conversion.Sources;
using PaliGguf.Conversion.Tensors;

namespace PaliGguf.Conversion.BigVision;

/// <summary>
/// The layers of a transformer in a big_vision checkpoint: with <c>scan</c>, one array holds a weight of all layers, the layer being its first dimension; without, each layer
/// has arrays of its own.
/// </summary>
internal sealed class LayerStack
{
    private const int MostLayers = 512;
    private readonly BigVisionArrays _arrays;
    private readonly string _stacked;
    private readonly Func<int, string> _single;
    private readonly bool _isStacked;

    /// <param name="arrays">The checkpoint.</param>
    /// <param name="stacked">What stacked arrays' names begin with.</param>
    /// <param name="single">What the names of one layer's arrays begin with.</param>
    /// <param name="first">An array that every layer has.</param>
    /// <param name="dimensions">Its dimensions in one layer.</param>
    public LayerStack(BigVisionArrays arrays, string stacked, Func<int, string> single, string first, int dimensions)
    {
        _arrays = arrays;
        _stacked = stacked;
        _single = single;
        _isStacked = !arrays.Contains(single(0) + first);
        if (_isStacked) Count = arrays.Size(stacked + first, arrays.ShapeOf(stacked + first, dimensions + 1)[0], MostLayers);
        else while (Count < MostLayers && arrays.Contains(single(Count) + first)) Count++;
    }

    public int Count { get; }

    /// <summary>The name of an array in the checkpoint: that of all layers, or the first layer's.</summary>
    public string FullName(string name) => (_isStacked ? _stacked : _single(0)) + name;

    /// <summary>The shape that an array has in each layer.</summary>
    public IReadOnlyList<long> ShapeOf(string name, int dimensions) =>
        _isStacked ? [.. _arrays.ShapeOf(FullName(name), dimensions + 1).Skip(1)] : _arrays.ShapeOf(FullName(name), dimensions);

    /// <summary>Takes an array of every layer.</summary>
    /// <param name="name">Its name within the layer.</param>
    /// <param name="shape">Its shape in one layer.</param>
    /// <returns>Layers and their tensors, those that are there and fit.</returns>
    public IEnumerable<(int Layer, SourceTensor Tensor)> Take(string name, params long[] shape)
    {
        if (!_isStacked)
        {
            for (int layer = 0; layer < Count; layer++)
            {
                if (_arrays.Take(_single(layer) + name, shape) is { } tensor) yield return (layer, tensor);
            }
        }
        else if (_arrays.Take(_stacked + name, [Count, .. shape]) is { } stack)
        {
            for (int layer = 0; layer < Count; layer++) yield return (layer, new SlicedTensor(stack, stack.Count / Count * layer, shape));
        }
    }
}
