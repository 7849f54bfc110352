using PaliGguf.Packages.Tests.Consumers;
using PaliGguf.Packages.Tests.Feed;
using PaliGguf.Tests;

namespace PaliGguf.Packages.Tests.Documentation;

/// <summary>Every sample of the documentation is a program that compiles in an empty project with the packages that its page names, and
/// those of the README run.</summary>
[Collection(PackagesCollection.Name)]
public sealed class SampleTests(PackedFeed feed)
{
    [NpmFact]
    public async Task They_compile_as_they_stand_and_those_of_the_README_answer()
    {
        using ConsumerFolder folder = new(feed);
        List<CodeBlock> libraries = [];
        List<string> projects = [];
        foreach (CodeBlock block in CodeBlock.All)
        {
            libraries.RemoveAll(library => library.Page != block.Page);
            if (block.IsLibrary)
            {
                libraries.Add(block);
                continue;
            }

            folder.AddProject(
                block.Name, block.Packages, [("Program.cs", block.Code), .. libraries.Select(library => (library.Name + ".cs", library.Code))]);
            libraries.Clear();
            projects.Add(block.Name);
        }

        Assert.Empty(libraries);
        folder.Write("Samples.slnx", $"""
            <Solution>
            {string.Join('\n', projects.Select(name => $"""  <Project Path="{name}/{name}.csproj" />"""))}
            </Solution>
            """);
        string built = await DotnetCommand.RunAsync(folder.Path, "build", "Samples.slnx", "-v", "quiet");
        Assert.DoesNotMatch("warning [A-Z]+[0-9]+", built);

        folder.AddModel();
        string[] readme = [.. projects.Where(name => name.StartsWith("README_", StringComparison.Ordinal))];
        Assert.Equal(2, readme.Length);
        string embedded = await RunAsync(folder, readme[0], folder.Path);
        Assert.StartsWith("a turtle on an orange background\n", embedded, StringComparison.Ordinal);
        Assert.Contains("\nan orange background with a turtle at the top\n", embedded, StringComparison.Ordinal);
        Assert.Equal("a turtle on an orange background\n", await RunAsync(folder, readme[1], Repository.Root));
    }

    private static async Task<string> RunAsync(ConsumerFolder folder, string project, string workingFolder)
    {
        string assembly = Path.Combine(folder.Path, project, "bin", "Debug", "net10.0", project + ".dll");
        return (await DotnetCommand.RunAsync(workingFolder, "exec", assembly)).ReplaceLineEndings("\n");
    }
}
