namespace PaliGguf.Cli.Evaluations;

/// <summary>A gathered importance matrix as --json prints it.</summary>
internal sealed record ImportanceJson(string Path, long Bytes, int Matrices, int Samples, int Chunks);
