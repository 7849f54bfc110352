using PaliGguf.Training.Runtime;

namespace PaliGguf.Training.Optimization;

/// <summary>
/// Adam with decoupled weight decay (arXiv 1711.05101), as torch has it: <c>p -= rate decay p</c>; <c>m = b1 m + (1 - b1) g</c>;
/// <c>v = b2 v + (1 - b2) g^2</c>; <c>p -= rate / (1 - b1^t) m / (sqrt(v / (1 - b2^t)) + eps)</c>.
/// </summary>
/// <param name="tensors">What is trained.</param>
/// <param name="settings">The constants.</param>
internal sealed class AdamW(IReadOnlyList<TrainedTensor> tensors, AdamSettings settings) : IOptimizer
{
    private readonly List<(TrainedTensor Tensor, Tensor First, Tensor Second)> _tensors =
        [.. tensors.Select(each => (each, Zeros(each.Value), Zeros(each.Value)))];

    /// <inheritdoc/>
    public long Steps { get; set; }

    /// <inheritdoc/>
    public IEnumerable<(string Name, Tensor Value)> Memory =>
        _tensors.SelectMany(each => new[] { (each.Tensor.Name + ".adam_m", each.First), (each.Tensor.Name + ".adam_v", each.Second) });

    /// <inheritdoc/>
    public void Step(double rate)
    {
        using IDisposable frozen = no_grad();
        Steps++;
        double firstCorrection = 1 - Math.Pow(settings.Beta1, Steps);
        double secondCorrection = Math.Sqrt(1 - Math.Pow(settings.Beta2, Steps));
        foreach ((TrainedTensor each, Tensor first, Tensor second) in _tensors)
        {
            using DisposeScope scope = NewDisposeScope();
            if (each.Value.grad is not { } gradient) continue;
            double own = rate * each.RateFactor;
            if (each.Decays) each.Value.Multiply(1 - (own * settings.WeightDecay));
            first.Multiply(settings.Beta1).Add(gradient, 1 - settings.Beta1);
            second.Multiply(settings.Beta2).AddProduct(gradient, gradient, 1 - settings.Beta2);
            Tensor spread = second.sqrt().Multiply(1 / secondCorrection).Add(settings.Epsilon);
            each.Value.AddQuotient(first, spread, -own / firstCorrection);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((_, Tensor first, Tensor second) in _tensors)
        {
            first.Dispose();
            second.Dispose();
        }
    }

    private static Tensor Zeros(Tensor like) => zeros_like(like).DetachFromDisposeScope();
}

/// <summary>The constants of <see cref="AdamW"/>.</summary>
/// <param name="Beta1">How slowly the mean gradient changes, 0 to below 1.</param>
/// <param name="Beta2">How slowly the mean square changes, 0 to below 1.</param>
/// <param name="Epsilon">Added to the root of the mean square, after its correction.</param>
/// <param name="WeightDecay">The part of a weight that a rate of 1 takes away in a step.</param>
internal sealed record AdamSettings(double Beta1 = 0.9, double Beta2 = 0.98, double Epsilon = 1e-8, double WeightDecay = 0);
