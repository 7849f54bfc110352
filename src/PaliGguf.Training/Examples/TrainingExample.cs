using PaliGguf.Evaluation.Datasets;
using PaliGguf.Training.Network;

namespace PaliGguf.Training.Examples;

/// <summary>A picture, a prompt, and what is to be answered.</summary>
/// <param name="Picture">The picture, read when its turn comes.</param>
/// <param name="Prompt">The prompt, without the line feed that ends it.</param>
/// <param name="Answer">The answer.</param>
/// <param name="Origin">Where it stands, as errors name it.</param>
internal sealed record TrainingExample(PictureSource Picture, string Prompt, string Answer, string Origin)
{
    /// <summary>The objects that prompt and answer were made of; null where they are texts of the data.</summary>
    public ExampleObjects? Objects { get; init; }

    /// <summary>Its tokens, once it is known that they fit the model.</summary>
    public ExampleTokens Tokens { get; init; } = new([], []);
}

/// <summary>Objects in a picture.</summary>
/// <param name="All">They.</param>
/// <param name="Size">The picture's size by the data.</param>
/// <param name="Prompt">The row's own prompt; null where it follows from the objects.</param>
internal sealed record ExampleObjects(IReadOnlyList<ExpectedObject> All, PictureSize Size, string? Prompt);
