namespace PaliGguf.Training.Optimization;

/// <summary>How tensors are changed by their gradients.</summary>
internal enum OptimizerKind
{
    /// <summary><see cref="Optimization.AdamW"/>.</summary>
    AdamW,

    /// <summary><see cref="Optimization.Sgd"/>.</summary>
    Sgd,

    /// <summary><see cref="Optimization.Muon"/>.</summary>
    Muon,
}
