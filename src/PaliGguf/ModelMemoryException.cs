namespace PaliGguf;

/// <summary>There is too little memory for a model, or less than it may take.</summary>
/// <param name="message">What was tried, what it needs and what there is.</param>
/// <param name="innerException">The cause, if another exception was.</param>
public class ModelMemoryException(string message, Exception? innerException = null) : PaliException(message, innerException);
