namespace PaliGguf.Cli.Serving;

/// <summary>What "serve --json" prints when it listens.</summary>
internal sealed record ServeJson(IReadOnlyList<string> Urls);
