namespace PaliGguf.Language;

/// <summary>What became of one of many requests.</summary>
/// <typeparam name="T">What the request was made from.</typeparam>
/// <param name="Item">What the request was made from.</param>
/// <param name="Result">The answer; null if there is none.</param>
/// <param name="Failure">Why there is no answer; null if there is one.</param>
public sealed record EachOutcome<T>(T Item, GenerationResult? Result, Exception? Failure);
