namespace PaliGguf.Cli.Conversions;

/// <summary>The files of a synthetic model as --json prints them.</summary>
internal sealed record SynthesisJson(string Size, IReadOnlyList<WrittenFileJson> Files);

/// <summary>One file.</summary>
internal sealed record WrittenFileJson(string Path, long Bytes);
