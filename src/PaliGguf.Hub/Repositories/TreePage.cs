using System.Text.Json;
using PaliGguf.Conversion.Sources;

namespace PaliGguf.Hub.Repositories;

/// <summary>A page of a hub's list of files.</summary>
internal static class TreePage
{
    /// <summary>Its files, without folders.</summary>
    /// <exception cref="HubException">It is no list of files.</exception>
    public static IEnumerable<RepositoryFile> Files(JsonElement page, string repository)
    {
        if (page.ValueKind != JsonValueKind.Array) throw Bad(repository, "a list of files is expected");
        foreach (JsonElement entry in page.EnumerateArray())
        {
            string? type = Text(entry, "type");
            if (type is "directory") continue;
            string path = Text(entry, "path") ?? throw Bad(repository, "a file without a path");
            if (type is not "file" || !RepositoryFile.MayBeStored(path))
                throw Bad(repository, $"'{OneLine.Show(path)}', which can be no file of it");
            bool linked = entry.TryGetProperty("lfs", out JsonElement lfs) && lfs.ValueKind == JsonValueKind.Object;
            long size = Size(linked ? lfs : entry) ?? throw Bad(repository, $"'{OneLine.Show(path)}' without a size");
            string? hash = linked ? Text(lfs, "oid") : null;
            if (linked && (hash?.Length != 64 || !hash.All(char.IsAsciiHexDigit)))
                throw Bad(repository, $"'{OneLine.Show(path)}' without its SHA-256");
            yield return new RepositoryFile(path, size, hash?.ToLowerInvariant(), linked ? null : Text(entry, "oid"));
        }
    }

    /// <summary>Where the next page is: at the hub that was asked, whichever the link names, for mirrors do not change them.</summary>
    /// <param name="link">The header "Link" (RFC 8288): &lt;https://...&gt;; rel="next".</param>
    /// <param name="endpoint">The hub.</param>
    public static Uri? Next(string? link, Uri endpoint)
    {
        foreach (string part in link?.Split(',') ?? [])
        {
            int begin = part.IndexOf('<', StringComparison.Ordinal);
            int end = part.IndexOf('>', StringComparison.Ordinal);
            if (begin < 0 || end < begin || !part[end..].Contains("rel=\"next\"", StringComparison.Ordinal)) continue;
            if (!Uri.TryCreate(endpoint, part[(begin + 1)..end], out Uri? address)) continue;
            int api = address.PathAndQuery.IndexOf("/api/", StringComparison.Ordinal);
            return api < 0 ? null : HubAddress.Below(endpoint, address.PathAndQuery[(api + 1)..]);
        }

        return null;
    }

    private static string? Text(JsonElement entry, string name) =>
        entry.ValueKind == JsonValueKind.Object && entry.TryGetProperty(name, out JsonElement value)
            && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static long? Size(JsonElement entry) => entry.TryGetProperty("size", out JsonElement size)
        && size.ValueKind == JsonValueKind.Number && size.TryGetInt64(out long bytes) && bytes >= 0 ? bytes : null;

    private static HubException Bad(string repository, string problem) =>
        new($"{repository}: the hub's list of files is not as expected: {problem}");
}
