using System.Xml.Linq;
using PaliGguf.Tests;

namespace PaliGguf.Packages.Tests.Feed;

/// <summary>What a feed and its users are told of each package, and what is in it.</summary>
[Collection(PackagesCollection.Name)]
public sealed class PackageTests(PackedFeed feed)
{
    private static readonly string[] NotPacked = ["PaliGguf.Broker", "PaliGguf.Cli", "PaliGguf.Native", "PaliGguf.Rival",
        "PaliGguf.Training"];

    [NpmFact]
    public void Every_library_is_packed_and_so_is_the_runtime() => Assert.Equal(
        Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src")).Select(folder => Path.GetFileName(folder)!)
            .Except(NotPacked).Append("PaliGguf.Runtime").Order(StringComparer.Ordinal),
        PackageFile.AllOf(feed).Select(package => package.Id).Order(StringComparer.Ordinal));

    [NpmFact]
    public void Each_tells_what_it_is_and_has_its_readme_and_the_licences() => Assert.All(PackageFile.AllOf(feed), package =>
    {
        Assert.NotEmpty(package.Told("description"));
        Assert.Equal("README.md", package.Told("readme"));
        Assert.Equal("MIT", package.Told("license"));
        Assert.Contains("paligemma", package.Told("tags"), StringComparison.Ordinal);
        XElement? repository = package.Metadata.Element(package.Metadata.Name.Namespace + "repository");
        Assert.Matches("^[0-9a-f]{40}$", (string?)repository?.Attribute("commit"));
        Assert.Contains("README.md", package.Files);
        Assert.Contains("THIRD-PARTY-NOTICES.md", package.Files);
    });

    [NpmFact]
    public void They_take_each_other_in_one_version_alone() => Assert.All(
        PackageFile.AllOf(feed).SelectMany(package => package.Dependencies)
            .Where(dependency => dependency.Id.StartsWith("PaliGguf", StringComparison.Ordinal)),
        dependency => Assert.Equal($"[{PackedFeed.Version}]", dependency.Version));

    [NpmFact]
    public void Each_library_has_its_symbols() => Assert.Equal(
        PackageFile.AllOf(feed).Where(package => package.Id != "PaliGguf.Runtime")
            .Select(package => $"{package.Id}.{PackedFeed.Version}.snupkg").Order(StringComparer.Ordinal),
        Directory.EnumerateFiles(feed.Packages, "*.snupkg").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));

    [NpmFact]
    public void The_runtime_holds_llama_cpp_for_every_generation_of_processors_and_nothing_else()
    {
        PackageFile runtime = PackageFile.AllOf(feed).Single(package => package.Id == "PaliGguf.Runtime");
        string[] natives = [.. runtime.Files.Where(file => file.StartsWith("runtimes/", StringComparison.Ordinal))];
        string library = $@"^runtimes/{PackedFeed.Platform}/native/(lib)?(llama\.|ggml)[\w.-]+\.(so|dll|dylib)$";
        Assert.All(natives, file => Assert.Matches(library, file));
        Assert.Single(natives, file => file.Contains("llama.", StringComparison.Ordinal));
        Assert.InRange(natives.Count(file => file.Contains("ggml-cpu-", StringComparison.Ordinal)), 3, 20);
        Assert.Contains($"licenses/{PackedFeed.Platform}/LICENSE", runtime.Files);
    }
}
