using PaliGguf.Packages.Tests.Feed;
using PaliGguf.Tests;

namespace PaliGguf.Packages.Tests.Documentation;

/// <summary>Every sample of the documentation is a program that compiles in an empty project with the packages that its page names, and
/// those of the README run.</summary>
[Collection(PackagesCollection.Name)]
public sealed class SampleTests(BuiltSamples samples) : IClassFixture<BuiltSamples>
{
    private const string Caption = "a turtle on an orange background\n";

    [NpmFact]
    public void They_compile_as_they_stand_and_without_a_warning() => Assert.DoesNotMatch("warning [A-Z]+[0-9]+", samples.Log);

    [NpmFact]
    public async Task The_READMEs_programs_answer()
    {
        Assert.Equal(2, samples.Of("README").Count);
        string embedded = await RunAsync(samples.Of("README")[0], samples.Folder);
        Assert.StartsWith(Caption, embedded, StringComparison.Ordinal);
        Assert.Contains("\nan orange background with a turtle at the top\n", embedded, StringComparison.Ordinal);
        Assert.Equal(Caption, await RunAsync(samples.Of("README")[1], Repository.Root));
    }

    [NpmFact]
    public void A_build_takes_the_natives_of_this_platform_alone()
    {
        string runtimes = Path.Combine(samples.Output(samples.Of("README")[0]), "runtimes");
        Assert.Equal(PackedFeed.Platform, Path.GetFileName(Assert.Single(Directory.GetDirectories(runtimes))));
    }

    [NpmFact]
    public async Task Without_the_runtime_the_error_names_the_package()
    {
        string project = samples.Of("README")[0];
        using TemporaryFolder copy = new();
        foreach (string file in Directory.EnumerateFiles(samples.Output(project))) File.Copy(file, copy.File(Path.GetFileName(file)));
        (int status, string output) = await DotnetCommand.TryAsync(samples.Folder, "dotnet", "exec", copy.File(project + ".dll"));
        Assert.NotEqual(0, status);
        Assert.Contains("'dotnet add package PaliGguf.Runtime'", output, StringComparison.Ordinal);
    }

    private async Task<string> RunAsync(string project, string workingFolder)
    {
        string assembly = Path.Combine(samples.Output(project), project + ".dll");
        return (await DotnetCommand.RunAsync(workingFolder, "exec", assembly)).ReplaceLineEndings("\n");
    }
}
