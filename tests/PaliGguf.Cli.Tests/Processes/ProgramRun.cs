namespace PaliGguf.Cli.Tests.Processes;

/// <summary>How the program is to be run.</summary>
internal sealed record ProgramRun(params string[] Arguments)
{
    public byte[] Input { get; init; } = [];

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The working directory; null for an empty one.</summary>
    public string? WorkingFolder { get; init; }

    /// <summary>Where the program lies; null for where it was built.</summary>
    public string? ProgramFolder { get; init; }
}
