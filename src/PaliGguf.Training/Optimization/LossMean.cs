namespace PaliGguf.Training.Optimization;

/// <summary>How the losses of many targets become one.</summary>
internal enum LossMean
{
    /// <summary>
    /// The mean over all targets of a step, of all its batches together: long suffixes count more. What transformers does.
    /// </summary>
    Tokens,

    /// <summary>The mean over the examples of their own means. What big_vision does.</summary>
    Examples,
}

/// <summary>What a target counts in the loss of a step.</summary>
internal static class LossWeights
{
    /// <summary>The weight of each target of an example.</summary>
    /// <param name="mean">How losses become one.</param>
    /// <param name="targets">The targets of each example of the step.</param>
    /// <returns>For each example; with the targets' losses they add up to the step's.</returns>
    public static double[] Of(LossMean mean, IReadOnlyList<int> targets)
    {
        double all = targets.Sum();
        return [.. targets.Select(count => mean == LossMean.Tokens ? 1 / all : 1.0 / ((double)targets.Count * count))];
    }
}
