using System.Xml.Linq;
using PaliGguf.Tests;

namespace PaliGguf.Packages.Tests.Feed;

/// <summary>The versions in which packages are referenced: of this repository's own, that of the feed; of others, what is pinned.</summary>
internal static class PinnedVersions
{
    private static readonly Dictionary<string, string> Pinned = XDocument
        .Load(Path.Combine(Repository.Root, "Directory.Packages.props")).Descendants("PackageVersion")
        .ToDictionary(version => (string)version.Attribute("Include")!, version => (string)version.Attribute("Version")!);

    private static readonly Dictionary<string, string> Natives = XDocument
        .Load(Path.Combine(Repository.Root, "native", "Versions.props")).Descendants("PropertyGroup").Elements()
        .ToDictionary(property => $"$({property.Name})", property => property.Value);

    public static string Of(string package)
    {
        if (package.StartsWith("PaliGguf", StringComparison.Ordinal)) return PackedFeed.Version;
        string version = Pinned.TryGetValue(package, out string? pinned)
            ? pinned : throw new KeyNotFoundException($"No version of {package} is pinned in Directory.Packages.props.");
        return Natives.Aggregate(version, (text, native) => text.Replace(native.Key, native.Value, StringComparison.Ordinal));
    }
}
