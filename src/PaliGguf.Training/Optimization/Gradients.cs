using PaliGguf.Training.Runtime;

namespace PaliGguf.Training.Optimization;

/// <summary>The gradients of all that is trained, together.</summary>
internal static class Gradients
{
    private const double Small = 1e-6;

    /// <summary>
    /// Their L2 norm, before they are made shorter: if it is above a limit, all are multiplied with <c>limit / (norm + 1e-6)</c>, as
    /// torch does.
    /// </summary>
    /// <param name="tensors">What is trained.</param>
    /// <param name="limit">The limit; null for none.</param>
    /// <returns>Not a number, or infinite, if a gradient is; then they stay as they are.</returns>
    public static double Clip(IReadOnlyList<TrainedTensor> tensors, double? limit)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        Tensor[] gradients = [.. tensors.Select(each => each.Value.grad).OfType<Tensor>()];
        double norm = Math.Sqrt(gradients.Sum(SquareOf));
        if (limit is { } most && double.IsFinite(norm) && most / (norm + Small) is < 1 and var factor)
        {
            foreach (Tensor gradient in gradients) gradient.Multiply(factor);
        }

        return norm;
    }

    /// <summary>Sets them to zero.</summary>
    public static void Clear(IReadOnlyList<TrainedTensor> tensors)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        foreach (TrainedTensor each in tensors) each.Value.grad?.zero_();
    }

    private static double SquareOf(Tensor gradient)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor precise = gradient.to(ScalarType.Float64);
        return (precise * precise).sum().Element<double>();
    }
}
