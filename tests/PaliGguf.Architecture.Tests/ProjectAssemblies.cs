using PaliGguf.Architecture.Tests.Metadata;
using PaliGguf.Tests;

namespace PaliGguf.Architecture.Tests;

/// <summary>What the projects of src/ were compiled to: copies in the folder "projects" beside this test, named after the
/// projects.</summary>
internal static class ProjectAssemblies
{
    /// <summary>Every project in a folder of src/, whether it was compiled or not.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src"))
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.csproj"))
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Order(StringComparer.Ordinal),
    ];

    public static string PathOf(string project) => Path.Combine(AppContext.BaseDirectory, "projects", project + ".dll");

    public static CompiledAssembly Read(string project) => CompiledAssembly.Read(PathOf(project));
}
