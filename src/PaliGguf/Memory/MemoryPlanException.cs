namespace PaliGguf.Memory;

/// <summary>There is too little memory for a model, or less than it may take, and what it needs is known.</summary>
/// <param name="message">What was tried, what it needs and what there is.</param>
/// <param name="plan">What the model needs, part by part.</param>
/// <param name="innerException">The cause, if another exception was.</param>
public sealed class MemoryPlanException(string message, MemoryPlan plan, Exception? innerException = null)
    : ModelMemoryException(message, innerException)
{
    /// <summary>What the model needs, part by part.</summary>
    public MemoryPlan Plan { get; } = plan;
}
