namespace PaliGguf.Evaluation.Samples;

/// <summary>A picture and a prompt.</summary>
/// <param name="Picture">The picture's file.</param>
/// <param name="Prompt">The prompt as the model is to see it, without the line feed that ends the prefix.</param>
public sealed record EvaluationSample(string Picture, string Prompt);
