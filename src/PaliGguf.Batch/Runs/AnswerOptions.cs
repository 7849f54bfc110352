using PaliGguf.Language;
using PaliGguf.Tasks;

namespace PaliGguf.Batch.Runs;

/// <summary>How pictures are asked about.</summary>
/// <param name="Questions">What is asked about those that say nothing themselves.</param>
public sealed record AnswerOptions(IReadOnlyList<Question> Questions)
{
    /// <summary>How texts are answered; picture and prompt are those of the question.</summary>
    public GenerationRequest Request { get; init; } = new() { Prompt = "" };

    /// <summary>Which instances are wanted.</summary>
    public DetectionOptions Instances { get; init; } = new();

    /// <summary>How many answers the model decodes side by side (<see cref="ModelOptions.Sequences"/>).</summary>
    public int Sequences { get; init; } = 1;

    /// <summary>Whether the probabilities of tokens are written: they depend a little on what is decoded side by side.</summary>
    public bool Probabilities { get; init; }
}
