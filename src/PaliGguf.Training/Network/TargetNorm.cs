using PaliGguf.Training.Weights;

namespace PaliGguf.Training.Network;

/// <summary>The decoder's last norm, of the rows whose next token is a target: [batch, rows, width] to [targets, width].</summary>
internal sealed class TargetNorm(RmsNorm norm) : Layer<SequenceContext>
{
    /// <inheritdoc/>
    public override IReadOnlyList<Weight> Vectors => [norm.Gain];

    /// <inheritdoc/>
    public override Tensor Apply(Tensor x, SequenceContext context)
    {
        using DisposeScope scope = NewDisposeScope();
        return norm.Apply(x.flatten(0, 1).index_select(0, context.Targets)).MoveToOuterDisposeScope();
    }
}
