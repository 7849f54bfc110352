using System.Security.Cryptography;
using System.Text;

namespace PaliGguf.Tests.Hub;

/// <summary>A file of a repository: in memory or on the disk.</summary>
internal sealed class HubContent
{
    private readonly byte[]? _bytes;
    private readonly string? _path;

    public HubContent(byte[] bytes, bool linked)
    {
        (_bytes, Linked) = (bytes, linked);
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes));
#pragma warning disable CA5350 // Git names its blobs by SHA-1.
        Blob = Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {bytes.Length}\0"), .. bytes]));
#pragma warning restore CA5350
    }

    /// <summary>A file of any size, which is kept by LFS.</summary>
    public HubContent(string path)
    {
        (_path, Linked, Blob) = (path, true, "");
        using FileStream file = File.OpenRead(path);
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(file));
    }

    /// <summary>Whether it is kept apart from the repository, as large files are.</summary>
    public bool Linked { get; }

    /// <summary>What the hub says that its SHA-256 is.</summary>
    public string Sha256 { get; set; }

    /// <summary>Git's name of its content.</summary>
    public string Blob { get; set; }

    public long Length => _bytes?.Length ?? new FileInfo(_path!).Length;

    public Stream Open() => _bytes is not null ? new MemoryStream(_bytes) : File.OpenRead(_path!);
}
