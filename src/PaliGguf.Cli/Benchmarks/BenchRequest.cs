using PaliGguf.Conversion;

namespace PaliGguf.Cli.Benchmarks;

/// <summary>What "bench" was asked to measure.</summary>
internal sealed record BenchRequest
{
    private const int MostRuns = 1000;
    private const int MostTokens = 4096;

    /// <summary>The picture's file, or "-"; null for a synthetic picture.</summary>
    public string? Image { get; init; }

    /// <summary>How many runs the medians are of.</summary>
    public required int Runs { get; init; }

    /// <summary>How many tokens are decoded while the rate is measured.</summary>
    public required int Tokens { get; init; }

    /// <summary>The numbers of requests side by side; one alone is measured in any case.</summary>
    public required IReadOnlyList<int> Sequences { get; init; }

    /// <summary>Whether nothing is measured with files that are on the disk alone.</summary>
    public bool WarmOnly { get; init; }

    /// <summary>What is measured beside this program; null for nothing.</summary>
    public BenchSide? Versus { get; init; }

    /// <summary>A file of reference answers to ask for; null for none.</summary>
    public string? Answers { get; init; }

    /// <summary>The shapes of a synthetic model; null for the model of the settings.</summary>
    public ModelSize? Synthetic { get; init; }

    /// <summary>Its type; null for Q4_0.</summary>
    public ModelFileType? Type { get; init; }

    /// <summary>Where the synthetic model is written to, and kept; null for a temporary folder.</summary>
    public string? Keep { get; init; }

    /// <summary>The program's own command line, up to and including the command, and the rest.</summary>
    public required (IReadOnlyList<string> Command, IReadOnlyList<string> Others) Arguments { get; init; }

    /// <exception cref="UsageException">It makes no sense.</exception>
    public void Validate()
    {
        if (Runs is < 1 or > MostRuns) throw new UsageException($"--runs is {Runs}; expected 1 to {MostRuns}.");
        if (Tokens is < 2 or > MostTokens) throw new UsageException($"--tokens is {Tokens}; expected 2 to {MostTokens}, for there is no rate of fewer.");
        if (Synthetic is null && Type is not null) throw new UsageException("--type is that of a synthetic model; name its size with --synthetic.");
        if (Synthetic is null && Keep is not null) throw new UsageException("--keep is for a synthetic model; name its size with --synthetic.");
    }
}
