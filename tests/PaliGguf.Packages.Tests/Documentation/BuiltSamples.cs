using PaliGguf.Packages.Tests.Consumers;
using PaliGguf.Packages.Tests.Feed;

namespace PaliGguf.Packages.Tests.Documentation;

/// <summary>Every sample of the documentation as a project of its own outside the repository, built at once.</summary>
public sealed class BuiltSamples(PackedFeed feed) : IAsyncLifetime, IDisposable
{
    private readonly ConsumerFolder _folder = new(feed);
    private readonly List<string> _projects = [];

    /// <summary>What the build printed.</summary>
    public string Log { get; private set; } = "";

    /// <summary>Where the README's first sample finds its model and its picture.</summary>
    public string Folder => _folder.Path;

    /// <summary>The projects of a page, in the order of their samples.</summary>
    public IReadOnlyList<string> Of(string page) =>
        [.. _projects.Where(project => project.StartsWith(page + "_", StringComparison.Ordinal))];

    /// <summary>Where a project was built to.</summary>
    public string Output(string project) => Path.Combine(Folder, project, "bin", "Debug", "net10.0");

    public async Task InitializeAsync()
    {
        if (NpmFactAttribute.Missing is not null) return;
        List<CodeBlock> libraries = [];
        foreach (CodeBlock block in CodeBlock.All)
        {
            if (block.IsLibrary) libraries.Add(block);
            else AddProject(block, libraries);
        }

        _folder.AddModel();
        _folder.Write("Samples.slnx", $"""
            <Solution>
            {string.Join('\n', _projects.Select(name => $"""  <Project Path="{name}/{name}.csproj" />"""))}
            </Solution>
            """);
        Log = await DotnetCommand.RunAsync(Folder, "build", "Samples.slnx", "-v", "quiet");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _folder.Dispose();

    private void AddProject(CodeBlock block, List<CodeBlock> libraries)
    {
        IEnumerable<(string File, string Text)> ofThePage =
            libraries.Where(library => library.Page == block.Page).Select(library => (library.Name + ".cs", library.Code));
        _folder.AddProject(block.Name, block.Packages, [("Program.cs", block.Code), .. ofThePage]);
        _projects.Add(block.Name);
        libraries.Clear();
    }
}
