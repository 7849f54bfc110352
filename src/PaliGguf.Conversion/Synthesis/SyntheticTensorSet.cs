using PaliGguf.Conversion.Sources;
using PaliGguf.Conversion.Tensors;

namespace PaliGguf.Conversion.Synthesis;

/// <summary>Has every tensor that is asked for, of whatever shape, with numbers of a size that activations stay in range.</summary>
internal sealed class SyntheticTensorSet(int seed) : ITensorSet
{
    private const float Spread = 0.02f;
    private readonly RandomPool _pool = new(seed);
    private readonly List<(string ShortName, SyntheticTensor Tensor)> _taken = [];
    private int _start;

    /// <summary>The tensors that have been asked for, in that order.</summary>
    public IReadOnlyList<(string ShortName, SyntheticTensor Tensor)> Taken => _taken;

    public SourceTensor Take(string shortName, params ReadOnlySpan<long> shape)
    {
        long[] own = shape.ToArray();
        bool vector = own.Length == 1;
        // The norms of the vision tower multiply by their weight, those of Gemma by one more than it.
        float mean = vector && shortName.StartsWith("vision.", StringComparison.Ordinal) && shortName.EndsWith(".weight", StringComparison.Ordinal) ? 1 : 0;
        float deviation = vector ? Spread : (float)(1 / Math.Sqrt(own[1..].Aggregate(1L, (product, size) => product * size)));
        SyntheticTensor tensor = new(shortName, own, _pool, _start, mean, deviation);
        _start += 7919;
        _taken.Add((shortName, tensor));
        return tensor;
    }
}
