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
    /// <summary>Its tokens, once it is known that they fit the model.</summary>
    public ExampleTokens Tokens { get; init; } = new([], []);
}
