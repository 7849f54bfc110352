using PaliGguf.Training.Runtime;
using PaliGguf.Training.Weights;

namespace PaliGguf.Training.Network;

/// <summary>The tower's first step: pixels [batch, 3, side, side] to patches [batch, patches, width], with their places added.</summary>
internal sealed class PatchEmbedding(WeightSet weights, ScalarType type) : Layer<TowerShape>
{
    private readonly Weight _kernel = weights.Vector("v.patch_embd.weight", "vision.embeddings.patch_embedding.weight");
    private readonly Weight _bias = weights.Vector("v.patch_embd.bias", "vision.embeddings.patch_embedding.bias");
    private readonly Weight _places = weights.Vector("v.position_embd.weight", "vision.embeddings.position_embedding.weight");

    /// <inheritdoc/>
    public override IReadOnlyList<Weight> Vectors => [_kernel, _bias, _places];

    /// <inheritdoc/>
    public override Tensor Apply(Tensor x, TowerShape context)
    {
        using DisposeScope scope = NewDisposeScope();
        long patch = context.Layout.PatchSize;
        Tensor patches = nn.functional.conv2d(x, _kernel.As(x.dtype), _bias.As(x.dtype), strides: [patch, patch]);
        return patches.flatten(2).transpose(1, 2).Plus(_places.As(x.dtype)).to(type).MoveToOuterDisposeScope();
    }
}

/// <summary>The tower's last step and the projector: patches to soft tokens [batch, patches, width of the decoder].</summary>
internal sealed class Projector : Layer<TowerShape>
{
    private readonly LayerNorm _norm;
    private readonly Linear _projection;

    public Projector(TowerShape shape, WeightSet weights)
    {
        _norm = LayerNorm.Of(weights, "v.post_ln", "vision.post_layernorm", shape);
        string name = shape.Layout.Projector;
        _projection = new Linear(weights.Vector(name + ".weight", "projector.weight"), weights.Vector(name + ".bias", "projector.bias"));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Linear> Linears => [_projection];

    /// <inheritdoc/>
    public override IReadOnlyList<Weight> Vectors => _norm.Weights;

    /// <inheritdoc/>
    public override Tensor Apply(Tensor x, TowerShape context)
    {
        using DisposeScope scope = NewDisposeScope();
        return _projection.Apply(_norm.Apply(x)).MoveToOuterDisposeScope();
    }
}
