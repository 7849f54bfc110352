using PaliGguf.Batch;
using PaliGguf.Batch.Results;
using PaliGguf.Batch.Sources;

namespace PaliGguf.Cli.Batches;

/// <summary>A batch as the command line names it.</summary>
/// <param name="Inputs">Where the pictures are.</param>
/// <param name="Questions">What is asked about each.</param>
/// <param name="Paths">Where the results go.</param>
internal sealed record BatchChoice(IReadOnlyList<string> Inputs, IReadOnlyList<Question> Questions, ResultPaths Paths)
{
    public SourceOptions Source { get; init; } = new();

    /// <summary>A file of failures: only what it names is asked, again.</summary>
    public string? RetryFailed { get; init; }

    /// <summary>COCO's annotations with the ids of categories.</summary>
    public string? Categories { get; init; }

    /// <summary>Whether texts are also written beside their pictures.</summary>
    public bool Captions { get; init; }

    public bool Probabilities { get; init; }

    public long? Limit { get; init; }

    public int Sequences { get; init; } = 1;

    public IReadOnlyList<string> Stop { get; init; } = [];
}
