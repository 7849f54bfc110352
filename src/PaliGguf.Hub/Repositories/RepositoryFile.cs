using System.Security.Cryptography;
using System.Text;

namespace PaliGguf.Hub.Repositories;

/// <summary>A file of a repository, as the hub lists it.</summary>
/// <param name="Path">Its path, with slashes; it leads nowhere but below the repository's own folder.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="Sha256">The SHA-256 of its content, in lower case: that of a file kept by Git LFS or Xet; null of others.</param>
/// <param name="Blob">Git's name of its content, where there is no SHA-256; null where the hub tells none.</param>
internal sealed record RepositoryFile(string Path, long Size, string? Sha256, string? Blob)
{
    /// <summary>Its name without the folders that it lies in.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];

    /// <summary>Whether a path of a listing may be one of a file that is stored, on any system.</summary>
    public static bool MayBeStored(string path) => path.Length is > 0 and <= 512 && path.Split('/').All(MayBePart);

    /// <summary>Whether a small file has the content that the hub listed.</summary>
    public bool IsContent(ReadOnlySpan<byte> content)
    {
        if (content.Length != Size) return false;
        if (Sha256 is not null) return Matches(Sha256, SHA256.HashData(content));
        if (Blob is null) return true;
        byte[] header = Encoding.ASCII.GetBytes($"blob {Size}\0");
#pragma warning disable CA5350 // Git names its blobs by SHA-1.
        return Matches(Blob, SHA1.HashData([.. header, .. content]));
#pragma warning restore CA5350
    }

    private static bool Matches(string expected, byte[] hash) =>
        expected.Equals(Convert.ToHexStringLower(hash), StringComparison.OrdinalIgnoreCase);

    private static bool MayBePart(string part) =>
        part.Length > 0 && part.Trim() == part && part is not ("." or "..") && !part.EndsWith('.')
        && part.IndexOfAny(['\\', ':', '*', '?', '"', '<', '>', '|']) < 0 && !part.Any(char.IsControl);
}
