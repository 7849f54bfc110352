using PaliGguf.Conversion.Quantization;
using PaliGguf.Evaluation.Samples;

namespace PaliGguf.Evaluation;

/// <summary>Which model to gather an importance matrix of, and on what.</summary>
public sealed record ImportanceOptions
{
    /// <summary>The model, of 8 or more bits: the text GGUF, or a folder with one pair.</summary>
    public required string Model { get; init; }

    /// <summary>How it is loaded.</summary>
    public ModelOptions ModelOptions { get; init; } = new();

    /// <summary>The pictures and prompts, at least one; like those that the quantized model is for, but not those that it will be measured on.</summary>
    public required IReadOnlyList<EvaluationSample> Samples { get; init; }

    /// <summary>How many tokens of each greedy answer are run through the model, at least 1.</summary>
    public int MaxTokens { get; init; } = 256;

    /// <summary>What the samples are called in the file.</summary>
    public required string Dataset { get; init; }

    /// <summary>What earlier runs of the same model have gathered, which this run adds to; null to begin anew.</summary>
    public ImportanceMatrix? Earlier { get; init; }
}
