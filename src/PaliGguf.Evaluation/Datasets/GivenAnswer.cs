using PaliGguf.Evaluation.Metrics.Objects;

namespace PaliGguf.Evaluation.Datasets;

/// <summary>An answer that is to be scored.</summary>
/// <param name="Text">The answer.</param>
public sealed record GivenAnswer(string Text)
{
    /// <summary>The size of the picture that it is about; null where that is not known.</summary>
    public PictureSize? Picture { get; init; }

    /// <summary>The objects that were found, where a file lists them; null where they are those that the text tells of.</summary>
    public IReadOnlyList<GivenObject>? Objects { get; init; }

    /// <summary>How sure the model is of each object in the answer, in their order; null where that is not known.</summary>
    public IReadOnlyList<double>? Scores { get; init; }
}

/// <summary>An object that was found.</summary>
/// <param name="Label">What it is called.</param>
/// <param name="Box">Its box, in pixels.</param>
/// <param name="Score">How sure the program is; only the order matters.</param>
/// <param name="Mask">Its mask over the whole picture; null without one.</param>
public sealed record GivenObject(string Label, CocoBox Box, double Score, ObjectMask? Mask = null);
