using PaliGguf.Training.Runtime;

namespace PaliGguf.Training.Optimization;

/// <summary>
/// Gradient descent as torch has it: <c>g += decay p</c>; with momentum <c>b = momentum b + g</c>, beginning with the first gradient;
/// <c>p -= rate b</c>.
/// </summary>
/// <param name="tensors">What is trained.</param>
/// <param name="momentum">How much of the last step goes on, 0 to below 1.</param>
/// <param name="weightDecay">The part of a weight that is added to its gradient.</param>
internal sealed class Sgd(IReadOnlyList<TrainedTensor> tensors, double momentum = 0, double weightDecay = 0) : IOptimizer
{
    // One that is zero adds up to what the first gradient alone would be.
    private readonly Dictionary<string, Tensor> _moving = momentum == 0 ? []
        : tensors.ToDictionary(each => each.Name, each => zeros_like(each.Value).DetachFromDisposeScope(), StringComparer.Ordinal);

    /// <inheritdoc/>
    public long Steps { get; set; }

    /// <inheritdoc/>
    public IEnumerable<(string Name, Tensor Value)> Memory => _moving.Select(pair => (pair.Key + ".momentum", pair.Value));

    /// <inheritdoc/>
    public void Step(double rate)
    {
        using IDisposable frozen = no_grad();
        Steps++;
        foreach (TrainedTensor each in tensors)
        {
            using DisposeScope scope = NewDisposeScope();
            if (each.Value.grad is not { } gradient) continue;
            if (each.Decays && weightDecay != 0) gradient = gradient.Plus(each.Value.Times(weightDecay));
            if (_moving.TryGetValue(each.Name, out Tensor? moving)) gradient = moving.Multiply(momentum).Add(gradient).alias();
            each.Value.Add(gradient, -rate * each.RateFactor);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor moving in _moving.Values) moving.Dispose();
    }
}
