using System.IO.Compression;
using System.Xml.Linq;

namespace PaliGguf.Packages.Tests.Feed;

/// <summary>A package of the feed, read.</summary>
internal sealed record PackageFile(string Id, XElement Metadata, IReadOnlyList<string> Files)
{
    public static IReadOnlyList<PackageFile> AllOf(PackedFeed feed) => [.. Directory.EnumerateFiles(feed.Packages, "*.nupkg").Select(Read)];

    /// <summary>The text of an element of the nuspec; empty if there is none.</summary>
    public string Told(string name) => Metadata.Element(Metadata.Name.Namespace + name)?.Value ?? "";

    /// <summary>The packages that it depends on, with the ranges of their versions.</summary>
    public IEnumerable<(string Id, string Version)> Dependencies => Metadata.Descendants(Metadata.Name.Namespace + "dependency")
        .Select(dependency => ((string)dependency.Attribute("id")!, (string)dependency.Attribute("version")!));

    private static PackageFile Read(string path)
    {
        using ZipArchive archive = ZipFile.OpenRead(path);
        ZipArchiveEntry nuspec = archive.Entries.Single(entry => entry.FullName.EndsWith(".nuspec", StringComparison.Ordinal));
        using Stream text = nuspec.Open();
        XElement metadata = XDocument.Load(text).Root!.Elements().First();
        return new PackageFile(
            Path.GetFileNameWithoutExtension(nuspec.FullName), metadata, [.. archive.Entries.Select(entry => entry.FullName)]);
    }
}
