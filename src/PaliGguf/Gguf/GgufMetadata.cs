using System.Diagnostics.CodeAnalysis;

namespace PaliGguf.Gguf;

/// <summary>
/// The keys of a file and their values, in the file's order. Keys are case-sensitive. A getter for an optional key returns false only where
/// the key is absent: a value of another type than the getter's is an error in the file, never taken for an absent one.
/// Safe for concurrent use; strings and arrays can be read until the file is disposed.
/// </summary>
public sealed partial class GgufMetadata
{
    private readonly string _path;
    private readonly IReadOnlyList<GgufMetadataEntry> _entries;
    private readonly Dictionary<string, GgufMetadataEntry> _byKey;

    internal GgufMetadata(string path, IReadOnlyList<GgufMetadataEntry> entries)
    {
        _path = path;
        _entries = entries;
        _byKey = entries.ToDictionary(entry => entry.Key, StringComparer.Ordinal);
    }

    /// <summary>All entries in the file's order.</summary>
    public IReadOnlyList<GgufMetadataEntry> Entries => _entries;

    /// <summary>The keys in the file's order.</summary>
    public IEnumerable<string> Keys => _entries.Select(entry => entry.Key);

    /// <summary>Whether the file has a key, of whatever type.</summary>
    public bool Contains(string key) => _byKey.ContainsKey(key);

    /// <summary>Finds the entry of a key, whatever its type.</summary>
    /// <returns>False if the key is absent.</returns>
    public bool TryGetEntry(string key, [NotNullWhen(true)] out GgufMetadataEntry? entry) => _byKey.TryGetValue(key, out entry);
}
