namespace PaliGguf.Evaluation.Datasets;

/// <summary>A picture, what is asked about it, and what is expected.</summary>
/// <param name="Expected">What is expected.</param>
/// <param name="Picture">The picture.</param>
/// <param name="Origin">The file and line that it stands in, as errors name them.</param>
public sealed record EvaluationItem(ExpectedAnswer Expected, PictureSource Picture, string Origin)
{
    /// <summary>What the answer belongs to; no two items of a data set have the same.</summary>
    public string Id => Expected.Id;

    /// <summary>The prompt as the file has it; null where the task makes one.</summary>
    public string? Prompt { get; init; }

    /// <summary>The question, or the expression that refers to an object; null without one.</summary>
    public string? Question { get; init; }

    /// <summary>What is to be looked for.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];
}
