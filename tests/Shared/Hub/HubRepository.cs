namespace PaliGguf.Tests.Hub;

/// <summary>A repository of a <see cref="LocalHub"/>.</summary>
internal sealed class HubRepository(string name)
{
    public const string FirstCommit = "0123456789abcdef0123456789abcdef01234567";

    public string Name { get; } = name;

    public string Commit { get; set; } = FirstCommit;

    /// <summary>Whether only who has accepted the licence is let in.</summary>
    public bool Gated { get; set; }

    public SortedDictionary<string, HubContent> Files { get; } = new(StringComparer.Ordinal);

    public HubRepository Add(string path, byte[] content, bool linked = false)
    {
        Files[path] = new HubContent(content, linked);
        return this;
    }

    /// <summary>Adds the files of a folder; weights are kept apart, as at the real hub.</summary>
    public HubRepository AddFolder(string folder)
    {
        foreach (string path in Directory.EnumerateFiles(folder))
        {
            string file = Path.GetFileName(path);
            bool large = Path.GetExtension(file) is ".safetensors" or ".gguf" or ".model" or ".npz";
            Files[file] = large && new FileInfo(path).Length > 64 * 1024 * 1024 ? new HubContent(path)
                : new HubContent(File.ReadAllBytes(path), large);
        }

        return this;
    }
}
