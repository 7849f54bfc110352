namespace PaliGguf.Hub;

/// <summary>What was pulled from a hub, as it lies on this computer.</summary>
/// <param name="Name">The repository: <c>OWNER/NAME</c>.</param>
/// <param name="Commit">The commit's hash.</param>
/// <param name="Variant">What tells it from others of the same commit: the type of a pair (<c>Q4_K_M</c>), or <c>files</c>.</param>
/// <param name="Folder">The folder with its files.</param>
/// <param name="Manifest">What is known of it; null while it is not complete.</param>
public sealed record PulledItem(string Name, string Commit, string Variant, string Folder, PullManifest? Manifest)
{
    /// <summary>Whether all of it is there.</summary>
    public bool IsComplete => Manifest is not null;

    /// <summary>The text model of a pair; null of anything else.</summary>
    public string? TextPath => PathOf(vision: false);

    /// <summary>The vision model of a pair; null of anything else.</summary>
    public string? VisionPath => PathOf(vision: true);

    /// <summary>The bytes that its files take on the disk, those of an unfinished one too.</summary>
    public long Bytes => new DirectoryInfo(Folder).EnumerateFiles("*", Everything).Sum(file => file.Length);

    private static EnumerationOptions Everything => new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    private string? PathOf(bool vision) =>
        Manifest is { Kind: PulledKind.Pair }
            ? Manifest.Files.Where(file => ModelFiles.IsVision(file.Name) == vision).Select(file =>
                Path.Combine(Folder, file.Name)).FirstOrDefault() : null;
}
