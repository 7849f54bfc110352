using PaliGguf.Training.Runtime;

namespace PaliGguf.Training.Optimization;

/// <summary>
/// Muon: a layer's matrix changes by the orthogonal matrix that is nearest to its gradients' moving sum, so that all directions learn
/// alike (K. Jordan, "Muon: An optimizer for hidden layers in neural networks", 2024): <c>b = momentum b + g</c>;
/// <c>o = orthogonal(g + momentum b)</c>; <c>p -= rate (0.2 sqrt(max(rows, columns)) o + decay p)</c>, whose factor makes steps as long as
/// AdamW's (arXiv 2502.16982). All other tensors are AdamW's.
/// </summary>
/// <param name="tensors">What is trained.</param>
/// <param name="momentum">How much of the sum goes on, 0 to below 1.</param>
/// <param name="adam">The constants of AdamW; its weight decay is the matrices' too.</param>
internal sealed class Muon(IReadOnlyList<TrainedTensor> tensors, double momentum, AdamSettings adam) : IOptimizer
{
    private const int Iterations = 5;
    private const double StepOfAdam = 0.2, Least = 1e-7;

    // Of Jordan's quintic, whose repetition brings singular values from 0.01 on near to 1: within 0.7 and 1.2.
    private static readonly (double Linear, double Cubic, double Quintic) Coefficients = (3.4445, -4.7750, 2.0315);

    private readonly AdamW _others = new([.. tensors.Where(each => !each.IsProduct)], adam);

    private readonly List<(TrainedTensor Tensor, Tensor Moving)> _products =
    [
        .. tensors.Where(each => each.IsProduct).Select(each => (each, zeros_like(each.Value).DetachFromDisposeScope())),
    ];

    /// <inheritdoc/>
    public long Steps
    {
        get => _others.Steps;
        set => _others.Steps = value;
    }

    /// <inheritdoc/>
    public IEnumerable<(string Name, Tensor Value)> Memory =>
        [.. _products.Select(each => (each.Tensor.Name + ".momentum", each.Moving)), .. _others.Memory];

    /// <inheritdoc/>
    public void Step(double rate)
    {
        using IDisposable frozen = no_grad();
        foreach ((TrainedTensor each, Tensor moving) in _products)
        {
            using DisposeScope scope = NewDisposeScope();
            if (each.Value.grad is not { } gradient) continue;
            moving.Multiply(momentum).Add(gradient);
            double own = rate * each.RateFactor;
            Tensor step = Orthogonal(gradient.Plus(moving.Times(momentum)));
            each.Value.Multiply(1 - (own * adam.WeightDecay)).Add(step, -own * StepOfAdam * Math.Sqrt(each.Value.shape.Max()));
        }

        _others.Step(rate);
    }

    /// <summary>A matrix of the same singular vectors, whose singular values are near 1.</summary>
    /// <param name="matrix">[rows, columns].</param>
    public static Tensor Orthogonal(Tensor matrix)
    {
        using DisposeScope scope = NewDisposeScope();
        bool tall = matrix.shape[0] > matrix.shape[1];
        Tensor x = tall ? matrix.t() : matrix;
        x = x.Times(1 / (x.norm().Element<float>() + Least));
        for (int i = 0; i < Iterations; i++)
        {
            using DisposeScope inner = NewDisposeScope();
            Tensor square = matmul(x, x.t());
            Tensor factor = square.Times(Coefficients.Cubic).Add(matmul(square, square), Coefficients.Quintic);
            x = matmul(factor, x).Add(x, Coefficients.Linear).MoveToOuterDisposeScope();
        }

        return (tall ? x.t() : x).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((_, Tensor moving) in _products) moving.Dispose();
        _others.Dispose();
    }
}
