namespace PaliGguf.Hub;

/// <summary>What a pull leaves beside its files.</summary>
/// <param name="Kind">What they are.</param>
/// <param name="Revision">The branch, tag or commit that was asked for.</param>
/// <param name="Endpoint">The hub.</param>
/// <param name="Pulled">When it was complete.</param>
/// <param name="Files">The files, by their paths below the folder, with slashes.</param>
public sealed record PullManifest(PulledKind Kind, string Revision, string Endpoint, DateTimeOffset Pulled,
    IReadOnlyList<PulledFile> Files);

/// <summary>A file of a pull.</summary>
/// <param name="Name">Its path below the folder, with slashes.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">The SHA-256 that it was checked against; null where the hub tells none, or it was made here.</param>
public sealed record PulledFile(string Name, long Bytes, string? Sha256);
