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

    /// <summary>The numbers by which COCO's programs know it; null where it is not of COCO's instances.</summary>
    public CocoNumbers? Coco { get; init; }
}

/// <summary>The numbers of a picture and of categories in a file of COCO.</summary>
/// <param name="Image">The picture's.</param>
/// <param name="Categories">Those of all categories, by their names.</param>
public sealed record CocoNumbers(string Image, IReadOnlyDictionary<string, string> Categories);
