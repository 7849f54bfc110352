using PaliGguf.Training.Weights;

namespace PaliGguf.Training.Network;

/// <summary>A step of the network: rows in, rows out. The first of its steps has a picture's pixels for rows.</summary>
/// <typeparam name="TContext">What it has to know beside the rows.</typeparam>
internal abstract class Layer<TContext>
{
    /// <summary>Its products, in the order that adapters are numbered in.</summary>
    public virtual IReadOnlyList<Linear> Linears => [];

    /// <summary>Its other tensors.</summary>
    public virtual IReadOnlyList<Weight> Vectors => [];

    /// <summary>Whether anything of it is trained.</summary>
    public bool IsTrained => Vectors.Any(vector => vector.IsTrained)
        || Linears.Any(linear => linear.LowRank is not null || linear.Weights.Any(weight => weight.IsTrained));

    /// <summary>Computes it. Its weights are prepared.</summary>
    /// <param name="x">The rows.</param>
    /// <param name="context">What is known of them.</param>
    public abstract Tensor Apply(Tensor x, TContext context);

    /// <summary>Turns its weights into what it computes with.</summary>
    public void Prepare()
    {
        foreach (Linear linear in Linears) linear.Weight.Prepare();
    }
}
