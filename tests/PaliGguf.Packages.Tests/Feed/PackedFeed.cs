using System.Runtime.InteropServices;
using PaliGguf.Tests;

namespace PaliGguf.Packages.Tests.Feed;

/// <summary>The packages of this repository, made once into a folder that serves as a feed: the libraries, and llama.cpp for this
/// platform.</summary>
public sealed class PackedFeed : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>A version that no other feed has.</summary>
    public static string Version { get; } = $"0.0.1-test.{Environment.ProcessId}";

    /// <summary>"linux-x64" and so on.</summary>
    public static string Platform { get; } =
        (OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux")
        + "-" + RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    /// <summary>Where the packages are.</summary>
    public string Packages => _folder.File("feed");

    /// <summary>Where they are unpacked, so that the machine's own package folder stays as it is.</summary>
    public string Unpacked => _folder.File("unpacked");

    public async Task InitializeAsync()
    {
        if (NpmFactAttribute.Missing is not null) return;
        await PackAsync("PaliGguf.Packages.slnf");
        await PackAsync(Path.Combine("native", "packages", "PaliGguf.Runtime.csproj"), $"-p:RuntimePlatforms={Platform}");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _folder.Dispose();

    private Task<string> PackAsync(string project, params string[] options) => DotnetCommand.RunAsync(
        Repository.Root,
        [
            "pack", project, "-c", "Release", "-v", "quiet", "-p:PaliGgufPacking=true", $"-p:PackageVersion={Version}",
            "--artifacts-path", Path.Combine(Repository.Root, "artifacts", "tests"), "-o", Packages, .. options,
        ]);
}
