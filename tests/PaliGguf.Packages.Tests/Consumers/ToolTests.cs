using PaliGguf.Packages.Tests.Feed;
using PaliGguf.Tests;

namespace PaliGguf.Packages.Tests.Consumers;

/// <summary>The console as a tool, in a package for this platform and one that names it.</summary>
public sealed class ToolTests
{
    [ConsumersTheory]
    [InlineData("scene_01.png", "a turtle on an orange background\n")]
    public async Task An_installed_tool_captions(string picture, string caption)
    {
        using TemporaryFolder folder = new();
        string packages = folder.File("feed"), tool = folder.File("tool");
        string configuration = folder.Write(
            "nuget.config",
            System.Text.Encoding.UTF8.GetBytes($"""
                <configuration>
                  <packageSources><clear /><add key="packed" value="{packages}" /></packageSources>
                  <config><add key="globalPackagesFolder" value="{folder.File("unpacked")}" /></config>
                </configuration>
                """));
        await DotnetCommand.RunAsync(
            Repository.Root,
            "pack", Path.Combine("src", "PaliGguf.Cli"), "-c", "Release", "-v", "quiet", "-p:PaliGgufPacking=true",
            $"-p:PackageVersion={PackedFeed.Version}", $"-p:ToolPlatforms={PackedFeed.Platform}",
            "--artifacts-path", Path.Combine(Repository.Root, "artifacts", "tests"), "-o", packages);
        Assert.Equal(
            [$"PaliGguf.Cli.{PackedFeed.Version}.nupkg", $"PaliGguf.Cli.{PackedFeed.Platform}.{PackedFeed.Version}.nupkg"],
            Directory.EnumerateFiles(packages).Select(Path.GetFileName).Order(StringComparer.Ordinal));

        await DotnetCommand.RunAsync(
            folder.Path, "tool", "install", "PaliGguf.Cli", "--version", PackedFeed.Version, "--tool-path", tool, "--configfile", configuration);
        string program = Path.Combine(tool, OperatingSystem.IsWindows() ? "paligguf.exe" : "paligguf");
        string answer = await DotnetCommand.SucceedAsync(
            folder.Path, program, "caption", Path.Combine(Repository.PaliNano, "samples", picture));
        Assert.EndsWith(caption, answer.ReplaceLineEndings("\n"), StringComparison.Ordinal);
    }
}
