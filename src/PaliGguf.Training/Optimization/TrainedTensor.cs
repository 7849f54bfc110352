namespace PaliGguf.Training.Optimization;

/// <summary>A tensor that an optimizer changes.</summary>
/// <param name="Name">Its path in the checkpoint by its short name; factors of an adapter end in <c>.lora_A.weight</c> and
/// <c>.lora_B.weight</c>.</param>
/// <param name="Value">The tensor, in 32 bits, with its gradient.</param>
internal sealed record TrainedTensor(string Name, Tensor Value)
{
    /// <summary>What the learning rate is multiplied with.</summary>
    public double RateFactor { get; init; } = 1;

    /// <summary>Whether weight decay applies: to matrices, not to biases and gains.</summary>
    public bool Decays { get; init; } = true;

    /// <summary>Whether it is the matrix of a layer's product as a whole, which <see cref="Muon"/> changes in a way of its own.</summary>
    public bool IsProduct { get; init; }
}
