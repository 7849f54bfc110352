using PaliGguf.Training.Runtime;
using PaliGguf.Training.Weights;

namespace PaliGguf.Training.Network;

/// <summary>Root mean square normalisation (arXiv 1910.07467), in 32 bits: <c>x / sqrt(mean(x^2) + eps) * gain</c>.</summary>
/// <param name="gain">The gain, which checkpoints of Gemma store less 1, and GGUF whole.</param>
/// <param name="epsilon">eps.</param>
internal sealed class RmsNorm(Weight gain, double epsilon)
{
    public Weight Gain => gain;

    public Tensor Apply(Tensor x)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor precise = x.to(ScalarType.Float32);
        Tensor mean = (precise * precise).mean([-1], keepdim: true);
        return (precise * rsqrt(mean.Plus(epsilon)) * gain.As(ScalarType.Float32)).to(x.dtype).MoveToOuterDisposeScope();
    }
}
