using PaliGguf.Packages.Tests.Documentation;
using PaliGguf.Packages.Tests.Feed;

namespace PaliGguf.Packages.Tests.Consumers;

/// <summary>The README's first sample, published in every way, prints the same; no compiler and no linker warns.</summary>
[Collection(PackagesCollection.Name)]
public sealed class PublishModeTests(PackedFeed feed)
{
    public static TheoryData<string> Modes => [.. PublishMode.All.Select(mode => mode.Name)];

    [ConsumersTheory]
    [MemberData(nameof(Modes))]
    public async Task A_published_application_captions(string name)
    {
        PublishMode mode = PublishMode.All.Single(mode => mode.Name == name);
        CodeBlock sample = CodeBlock.All[0];
        using ConsumerFolder folder = new(feed);
        folder.AddModel();
        folder.AddProject("Game", sample.Packages, ("Program.cs", sample.Code));
        string output = folder.File("published");
        string published = await DotnetCommand.RunAsync(folder.Path, [.. mode.Command("Game", output)]);
        Assert.DoesNotMatch("warning [A-Z]+[0-9]+", published);

        string program = Path.Combine(output, OperatingSystem.IsWindows() ? "Game.exe" : "Game");
        string answer = await DotnetCommand.SucceedAsync(folder.Path, program);
        Assert.StartsWith("a turtle on an orange background\n", answer.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }
}
