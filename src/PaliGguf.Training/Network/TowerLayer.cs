using PaliGguf.Training.Runtime;
using PaliGguf.Training.Weights;

namespace PaliGguf.Training.Network;

/// <summary>A layer of SigLIP's vision transformer: attention among all patches, and an MLP with tanh-GELU.</summary>
internal sealed class TowerLayer : Layer<TowerShape>
{
    private readonly LayerNorm _firstNorm, _secondNorm;
    private readonly Linear _query, _key, _value, _output, _up, _down;

    public TowerLayer(TowerShape shape, int number, WeightSet weights)
    {
        string name = $"v.blk.{number}.";
        string path = $"vision.encoder.layers.{number}.";
        (long width, long inner) = (shape.Layout.HiddenLength, shape.FeedForwardLength);
        Linear Product(string own, string source, long rows, long columns) => new(
            weights.Matrix($"{name}{own}.weight", $"{path}{source}.weight", own, (rows, columns)),
            weights.Vector($"{name}{own}.bias", $"{path}{source}.bias", (1, rows)));
        _firstNorm = LayerNorm.Of(weights, name + "ln1", path + "layer_norm1", shape);
        _query = Product("attn_q", "self_attn.q_proj", width, width);
        _key = Product("attn_k", "self_attn.k_proj", width, width);
        _value = Product("attn_v", "self_attn.v_proj", width, width);
        _output = Product("attn_out", "self_attn.out_proj", width, width);
        _secondNorm = LayerNorm.Of(weights, name + "ln2", path + "layer_norm2", shape);
        _up = Product(shape.Names.Up, "mlp.fc1", inner, width);
        _down = Product(shape.Names.Down, "mlp.fc2", width, inner);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Linear> Linears => [_query, _key, _value, _output, _up, _down];

    /// <inheritdoc/>
    public override IReadOnlyList<Weight> Vectors => [.. _firstNorm.Weights, .. _secondNorm.Weights];

    /// <inheritdoc/>
    public override Tensor Apply(Tensor x, TowerShape context)
    {
        using DisposeScope scope = NewDisposeScope();
        x = x.Plus(Attend(_firstNorm.Apply(x), context));
        Tensor inner = nn.functional.gelu(_up.Apply(_secondNorm.Apply(x)), TorchSharp.Modules.GELU.Approximate.tanh);
        return x.Plus(_down.Apply(inner)).MoveToOuterDisposeScope();
    }

    private Tensor Attend(Tensor x, TowerShape shape)
    {
        using DisposeScope scope = NewDisposeScope();
        (long batch, long rows, long width) = (x.shape[0], x.shape[1], x.shape[2]);
        Tensor Heads(Linear product) => product.Apply(x).view(batch, rows, shape.Layout.HeadCount, shape.Layout.HeadLength).transpose(1, 2);
        Tensor mixed = nn.functional.scaled_dot_product_attention(Heads(_query), Heads(_key), Heads(_value));
        return _output.Apply(mixed.transpose(1, 2).reshape(batch, rows, width)).MoveToOuterDisposeScope();
    }
}
