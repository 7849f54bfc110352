using PaliGguf.Memory;

namespace PaliGguf;

/// <summary>There is too little memory for a model, or less than it may take.</summary>
/// <param name="message">What was tried, what it needs and what there is.</param>
/// <param name="plan">What it needs, part by part; null where that is not known.</param>
/// <param name="innerException">The cause, if another exception was.</param>
public sealed class ModelMemoryException(string message, MemoryPlan? plan = null, Exception? innerException = null) : PaliException(message, innerException)
{
    /// <summary>What the model needs, part by part; null where that is not known.</summary>
    public MemoryPlan? Plan { get; } = plan;
}
