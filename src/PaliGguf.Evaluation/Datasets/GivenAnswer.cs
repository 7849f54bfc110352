namespace PaliGguf.Evaluation.Datasets;

/// <summary>An answer that is to be scored.</summary>
/// <param name="Text">The answer.</param>
public sealed record GivenAnswer(string Text)
{
    /// <summary>The size of the picture that it is about; null where that is not known.</summary>
    public PictureSize? Picture { get; init; }

    /// <summary>How sure the model is of each object in the answer, in their order; null where that is not known.</summary>
    public IReadOnlyList<double>? Scores { get; init; }
}
