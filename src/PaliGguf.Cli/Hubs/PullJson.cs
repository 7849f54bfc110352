using PaliGguf.Hub;

namespace PaliGguf.Cli.Hubs;

/// <summary>What was pulled as --json prints it.</summary>
internal sealed record PullJson(PulledJson Pulled, bool WasThere, long BytesReceived, IReadOnlyList<string> Warnings)
{
    public static PullJson From(PullResult result) =>
        new(PulledJson.From(result.Item), result.WasThere, result.BytesReceived, result.Warnings);
}

/// <summary>One thing that lies on this computer.</summary>
internal sealed record PulledJson(
    string Name, string Type, string Commit, string? Revision, string? Kind, bool Complete, DateTimeOffset? Pulled, long Bytes,
        string Folder, string? TextPath, string? VisionPath)
{
    public static PulledJson From(PulledItem item) => new(
        item.Name, item.Variant, item.Commit, item.Manifest?.Revision, item.Manifest?.Kind.ToString().ToLowerInvariant(),
            item.IsComplete, item.Manifest?.Pulled, item.Bytes, item.Folder,
        item.TextPath, item.VisionPath);
}

/// <summary>All of it.</summary>
internal sealed record PulledListJson(string Home, IReadOnlyList<PulledJson> Pulled);
