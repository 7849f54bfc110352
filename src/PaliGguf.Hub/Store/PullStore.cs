using PaliGguf.Hub.Repositories;

namespace PaliGguf.Hub.Store;

/// <summary>The folder with all that was pulled: <c>models/OWNER/NAME/COMMIT/VARIANT</c>, and <c>datasets</c> likewise.</summary>
internal sealed class PullStore(string home)
{
    private static readonly string[] Shelves = ["models", "datasets"];

    public string Home { get; } = Path.GetFullPath(home);

    /// <summary>Where a pull goes.</summary>
    public string FolderOf(RepositoryName name, string commit, string variant) =>
        Path.Combine(Home, Shelves[name.Kind == RepositoryKind.Dataset ? 1 : 0], name.Owner, name.Name, commit, variant);

    /// <summary>All that is there, unfinished pulls too: by name, the newest of each first.</summary>
    public IReadOnlyList<PulledItem> List() =>
        [.. from shelf in Shelves
            from owner in Folders(Path.Combine(Home, shelf))
            from name in Folders(owner)
            from commit in Folders(name)
            from variant in Folders(commit)
            let item =
                new PulledItem($"{Path.GetFileName(owner)}/{Path.GetFileName(name)}", Path.GetFileName(commit),
                    Path.GetFileName(variant), variant, ManifestFile.Read(variant))
            orderby item.Name, item.Manifest?.Pulled descending
            select item];

    /// <summary>
    /// What a name means: <c>OWNER/NAME</c> or <c>NAME</c>, with <c>:TYPE</c> where only that is meant; letters of either case.
    /// </summary>
    public IReadOnlyList<PulledItem> Find(string text)
    {
        string[] parts = text.Split(':');
        if (parts.Length > 2) return [];
        return [.. List().Where(item =>
            (item.Name.Equals(parts[0], StringComparison.OrdinalIgnoreCase)
                || item.Name[(item.Name.IndexOf('/', StringComparison.Ordinal) + 1)..].Equals(parts[0],
                    StringComparison.OrdinalIgnoreCase))
            && (parts.Length == 1 || item.Variant.Equals(parts[1], StringComparison.OrdinalIgnoreCase)))];
    }

    /// <summary>Removes a pull, and the folders that are empty then.</summary>
    /// <exception cref="HubException">It is being pulled, or can not be removed.</exception>
    public void Remove(PulledItem item)
    {
        try
        {
            using (PullLock.Take(item.Folder, item.Name)) Directory.Delete(item.Folder, recursive: true);
            for (string folder = Path.GetDirectoryName(item.Folder)!; folder != Home
                && !Directory.EnumerateFileSystemEntries(folder).Any(); folder = Path.GetDirectoryName(folder)!)
            {
                Directory.Delete(folder);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HubException($"{item.Folder}: can not be removed: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    private static IEnumerable<string> Folders(string folder) => Directory.Exists(folder) ? Directory.EnumerateDirectories(folder) : [];
}
