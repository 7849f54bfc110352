namespace PaliGguf.Training.Optimization;

/// <summary>Changes tensors by their gradients.</summary>
internal interface IOptimizer : IDisposable
{
    /// <summary>One step.</summary>
    /// <param name="rate">The learning rate of this step.</param>
    void Step(double rate);

    /// <summary>What it remembers from step to step, by names.</summary>
    IEnumerable<(string Name, Tensor Value)> Memory { get; }

    /// <summary>The number of steps that it has done. Set to go on where another one has stopped, with that one's memory.</summary>
    long Steps { get; set; }
}
