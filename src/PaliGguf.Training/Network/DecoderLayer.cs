using PaliGguf.Training.Runtime;
using PaliGguf.Training.Weights;

namespace PaliGguf.Training.Network;

/// <summary>
/// A layer of Gemma, or of Gemma 2 with its further norms: grouped-query attention with rotary positions, and a gated MLP.
/// </summary>
internal sealed class DecoderLayer : Layer<SequenceContext>
{
    private readonly DecoderShape _shape;
    private readonly int _number;
    private readonly Linear _query, _key, _value, _output, _gate, _up, _down;
    private readonly RmsNorm _attentionNorm, _feedForwardNorm;
    private readonly RmsNorm? _attentionEndNorm, _feedForwardEndNorm;

    public DecoderLayer(DecoderShape shape, int number, WeightSet weights)
    {
        _shape = shape;
        _number = number;
        string name = $"blk.{number}.";
        string path = $"text.layers.{number}.";
        Linear Product(string own, string source) => new(weights.Matrix(name + own + ".weight", path + source + ".weight", own));
        RmsNorm Norm(string own, string source) =>
            new(weights.Vector(name + own + ".weight", path + source + ".weight"), shape.NormEpsilon);
        _attentionNorm = Norm("attn_norm", "input_layernorm");
        _query = Product("attn_q", "self_attn.q_proj");
        _key = Product("attn_k", "self_attn.k_proj");
        _value = Product("attn_v", "self_attn.v_proj");
        _output = Product("attn_output", "self_attn.o_proj");
        _feedForwardNorm = Norm("ffn_norm", shape.IsGemma2 ? "pre_feedforward_layernorm" : "post_attention_layernorm");
        _gate = Product("ffn_gate", "mlp.gate_proj");
        _up = Product("ffn_up", "mlp.up_proj");
        _down = Product("ffn_down", "mlp.down_proj");
        Linears = [_query, _key, _value, _output, _gate, _up, _down];
        Vectors = [_attentionNorm.Gain, _feedForwardNorm.Gain];
        if (!shape.IsGemma2) return;
        _attentionEndNorm = Norm("post_attention_norm", "post_attention_layernorm");
        _feedForwardEndNorm = Norm("post_ffw_norm", "post_feedforward_layernorm");
        Vectors = [.. Vectors, _attentionEndNorm.Gain, _feedForwardEndNorm.Gain];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Linear> Linears { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<Weight> Vectors { get; }

    /// <summary>The four products of attention, which big_vision's recipe for small machines trains.</summary>
    public IReadOnlyList<Linear> Attention => [_query, _key, _value, _output];

    /// <inheritdoc/>
    public override Tensor Apply(Tensor x, SequenceContext context)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor attended = Attend(_attentionNorm.Apply(x), context);
        x = x.Plus(_attentionEndNorm?.Apply(attended) ?? attended);
        Tensor fed = FeedForward(_feedForwardNorm.Apply(x), context.DropoutSeed);
        return x.Plus(_feedForwardEndNorm?.Apply(fed) ?? fed).MoveToOuterDisposeScope();
    }

    // The queries that share keys and values lie below each other, so that one product serves all of them.
    private Tensor Attend(Tensor x, SequenceContext context)
    {
        using DisposeScope scope = NewDisposeScope();
        (long batch, long rows, long keys, long length) = (x.shape[0], x.shape[1], _shape.KeyValueHeadCount, _shape.HeadLength);
        long group = _shape.HeadCount / keys;
        Tensor query = _query.Apply(x, context.DropoutSeed).view(batch, rows, keys, group, length).permute(0, 2, 3, 1, 4);
        Tensor key = _key.Apply(x, context.DropoutSeed).view(batch, rows, keys, 1, length).permute(0, 2, 3, 1, 4);
        Tensor value = _value.Apply(x, context.DropoutSeed).view(batch, rows, keys, length).transpose(1, 2);
        query = Turn(query, context).reshape(batch, keys, group * rows, length);
        key = Turn(key, context).squeeze(2);
        if (context.Cache is { } cache) (key, value) = cache.Append(_number, context.First, key, value);
        Tensor scores = matmul(query, key.transpose(2, 3)).to(ScalarType.Float32).Times(_shape.AttentionScale);
        if (_shape.AttentionSoftCap is { } cap) scores = tanh(scores.Times(1 / cap)).Times(cap);
        Tensor mask = _number % 2 == 0 ? context.WindowMask : context.Mask;
        scores = nn.functional.softmax(scores.view(batch, keys, group, rows, -1).Plus(mask), -1);
        Tensor mixed = matmul(scores.to(x.dtype).view(batch, keys, group * rows, -1), value).view(batch, keys, group, rows, length);
        mixed = mixed.permute(0, 3, 1, 2, 4).reshape(batch, rows, _shape.HeadCount * length);
        return _output.Apply(mixed, context.DropoutSeed).MoveToOuterDisposeScope();
    }

    private static Tensor Turn(Tensor x, SequenceContext context)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] halves = x.to(ScalarType.Float32).chunk(2, -1);
        Tensor turned = cat(
            [
                (halves[0] * context.Cosines) - (halves[1] * context.Sines),
                (halves[1] * context.Cosines).Plus(halves[0] * context.Sines),
            ],
            -1);
        return turned.to(x.dtype).MoveToOuterDisposeScope();
    }

    private Tensor FeedForward(Tensor x, long? dropoutSeed)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor gate = nn.functional.gelu(_gate.Apply(x, dropoutSeed), TorchSharp.Modules.GELU.Approximate.tanh);
        return _down.Apply(gate * _up.Apply(x, dropoutSeed), dropoutSeed).MoveToOuterDisposeScope();
    }
}
