using PaliGguf.Training.Runtime;

namespace PaliGguf.Training.Weights;

/// <summary>What LoRA adds to a product: <c>s B (A x)</c> (arXiv 2106.09685), trained in 32 bits.</summary>
internal sealed class LowRank : IDisposable
{
    private readonly double _dropout;
    private readonly long _number;

    /// <summary>Makes a pair of factors as PEFT does: A uniform in +-1/sqrt(inputs), B zero, so that the model begins unchanged.</summary>
    /// <param name="inputs">The columns of the matrix.</param>
    /// <param name="outputs">Its rows.</param>
    /// <param name="form">Rank, scale and dropout.</param>
    /// <param name="number">Tells the pairs of a model apart where random numbers are drawn.</param>
    public LowRank(long inputs, long outputs, LowRankForm form, long number)
    {
        _dropout = form.Dropout;
        _number = number;
        Scale = form.Scale;
        double bound = 1 / Math.Sqrt(inputs);
        using DisposeScope scope = NewDisposeScope();
        using Generator random = RandomNumbers.Of(form.Seed, number);
        Tensor drawn = rand([form.Rank, inputs], device: CPU, generator: random).to(get_default_device());
        A = drawn.Multiply(2 * bound).Add(-bound).requires_grad_().DetachFromDisposeScope();
        B = zeros(outputs, form.Rank).requires_grad_().DetachFromDisposeScope();
    }

    /// <summary>[rank, inputs].</summary>
    public Tensor A { get; }

    /// <summary>[outputs, rank].</summary>
    public Tensor B { get; }

    /// <summary>What the product of both is multiplied with.</summary>
    public double Scale { get; }

    /// <summary>What is added to the product.</summary>
    /// <param name="x">[.., inputs].</param>
    /// <param name="dropoutSeed">Of this step's random numbers; null to leave nothing out.</param>
    public Tensor Apply(Tensor x, long? dropoutSeed)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor inner = nn.functional.linear(_dropout > 0 && dropoutSeed is { } seed ? Thin(x, seed) : x, A.to(x.dtype));
        return nn.functional.linear(inner, B.to(x.dtype)).Times(Scale).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        A.Dispose();
        B.Dispose();
    }

    // The same places again when a layer is computed once more.
    private Tensor Thin(Tensor x, long seed)
    {
        using Generator random = RandomNumbers.Of(seed, _number);
        Tensor kept = rand(x.shape, device: CPU, generator: random).to(x.device).IsAtLeast(_dropout).to(x.dtype);
        return (x * kept).Times(1 / (1 - _dropout));
    }
}

/// <summary>Rank and scale of an adapter.</summary>
/// <param name="Rank">The inner length, at least 1.</param>
/// <param name="Alpha">The scale is alpha / rank, or alpha / sqrt(rank) where rank-stabilized (arXiv 2312.03732).</param>
/// <param name="RankStabilized">Which of the two.</param>
/// <param name="Dropout">The part of the inputs that is left out in each step, from 0 to below 1.</param>
/// <param name="Seed">Of the random numbers.</param>
internal sealed record LowRankForm(int Rank = 8, double Alpha = 16, bool RankStabilized = false, double Dropout = 0, long Seed = 42)
{
    /// <summary>What the product of the factors is multiplied with.</summary>
    public double Scale => Alpha / (RankStabilized ? Math.Sqrt(Rank) : Rank);
}
