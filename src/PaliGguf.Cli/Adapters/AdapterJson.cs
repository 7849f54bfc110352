namespace PaliGguf.Cli.Adapters;

/// <summary>The file of a converted adapter as --json prints it.</summary>
internal sealed record AdapterJson(string Path, long Bytes, int Modules);
