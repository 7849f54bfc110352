using PaliGguf.Evaluation.Samples;

namespace PaliGguf.Evaluation.Comparison;

/// <summary>Which models to compare, and on what.</summary>
public sealed record ComparisonOptions
{
    /// <summary>The model to measure by, of higher precision as a rule: the text GGUF, or a folder with one pair.</summary>
    public required string Reference { get; init; }

    /// <summary>The model to be measured.</summary>
    public required string Candidate { get; init; }

    /// <summary>How the reference is loaded; its vision file can be named here.</summary>
    public ModelOptions ReferenceOptions { get; init; } = new();

    /// <summary>How the candidate is loaded.</summary>
    public ModelOptions CandidateOptions { get; init; } = new();

    /// <summary>The pictures and prompts, at least one; those of one picture best together.</summary>
    public required IReadOnlyList<EvaluationSample> Samples { get; init; }

    /// <summary>The longest answer in tokens, at least 1.</summary>
    public int MaxTokens { get; init; } = 256;

    /// <summary>
    /// Where the reference's distributions wait for the candidate, in a file that vanishes at the end: 1 MB for each token of an answer, with PaliGemma's vocabulary.
    /// Null for the system's folder for temporary files.
    /// </summary>
    public string? TemporaryFolder { get; init; }
}
