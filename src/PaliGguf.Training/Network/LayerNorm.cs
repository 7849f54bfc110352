using PaliGguf.Training.Weights;

namespace PaliGguf.Training.Network;

/// <summary>Layer normalisation (arXiv 1607.06450), in 32 bits.</summary>
internal sealed class LayerNorm(Weight gain, Weight bias, double epsilon)
{
    public IReadOnlyList<Weight> Weights => [gain, bias];

    /// <summary>A norm of the tower.</summary>
    public static LayerNorm Of(WeightSet weights, string name, string path, TowerShape shape) => new(
        weights.Vector(name + ".weight", path + ".weight"), weights.Vector(name + ".bias", path + ".bias"), shape.Layout.NormEpsilon);

    public Tensor Apply(Tensor x)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor norm = nn.functional.layer_norm(
            x.to(ScalarType.Float32), [x.shape[^1]], gain.As(ScalarType.Float32), bias.As(ScalarType.Float32), epsilon);
        return norm.to(x.dtype).MoveToOuterDisposeScope();
    }
}
