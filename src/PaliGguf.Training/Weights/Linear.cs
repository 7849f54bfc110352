using PaliGguf.Training.Runtime;

namespace PaliGguf.Training.Weights;

/// <summary>A product of the model: <c>W x + b</c>, and what an adapter adds to it.</summary>
/// <param name="weight">W, [outputs, inputs].</param>
/// <param name="bias">b; null without one.</param>
internal sealed class Linear(Weight weight, Weight? bias = null)
{
    public Weight Weight => weight;

    public Weight? Bias => bias;

    /// <summary>The module's path by its short name: <c>text.layers.0.self_attn.q_proj</c>.</summary>
    public string Path => weight.Path[..^".weight".Length];

    /// <summary>The adapter; null without one.</summary>
    public LowRank? LowRank { get; private set; }

    /// <summary>The tensors of the model in it.</summary>
    public IEnumerable<Weight> Weights => bias is null ? [weight] : [weight, bias];

    /// <summary>Where its products are kept, and taken from; null where they are computed each time.</summary>
    public ProductTape? Tape { get; set; }

    /// <summary>Adds an adapter.</summary>
    /// <param name="form">Rank and scale.</param>
    /// <param name="number">Tells the adapters of a model apart.</param>
    public void Adapt(LowRankForm form, long number) => LowRank = new LowRank(weight.Columns, weight.Rows, form, number);

    /// <summary>The product with each row of <paramref name="x"/>.</summary>
    /// <param name="x">[.., inputs].</param>
    /// <param name="dropoutSeed">Of this step's random numbers; null outside training.</param>
    public Tensor Apply(Tensor x, long? dropoutSeed = null)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor y = Tape?.Apply(this, x) ?? Multiply(x);
        if (LowRank is { } pair) y = y.Plus(pair.Apply(x, dropoutSeed));
        return y.MoveToOuterDisposeScope();
    }

    /// <summary>The product without an adapter.</summary>
    public Tensor Multiply(Tensor x) => nn.functional.linear(x, weight.As(x.dtype), bias?.As(x.dtype));
}
