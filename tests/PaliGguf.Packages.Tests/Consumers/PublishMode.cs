using PaliGguf.Packages.Tests.Feed;

namespace PaliGguf.Packages.Tests.Consumers;

/// <summary>A way to publish an application.</summary>
/// <param name="Name">Its name, and that of the folder.</param>
/// <param name="IsForPlatform">Whether the result is for one platform and brings the runtime; else it is for all, and needs .NET.</param>
/// <param name="Options">What "dotnet publish" is told besides.</param>
public sealed record PublishMode(string Name, bool IsForPlatform, params string[] Options)
{
    public static IReadOnlyList<PublishMode> All { get; } =
    [
        new("framework-dependent", false),
        new("self-contained", true),
        new("trimmed", true, "-p:PublishTrimmed=true"),
        new("single-file", true, "-p:PublishSingleFile=true"),
        new("single-file-unpacked", true, "-p:PublishSingleFile=true", "-p:IncludeNativeLibrariesForSelfExtract=true"),
        new("ahead-of-time", true, "-p:PublishAot=true"),
        new("ahead-of-time-avx2", true, "-p:PublishAot=true", "-p:IlcInstructionSet=x86-64-v3"),
    ];

    /// <summary>The words after "dotnet".</summary>
    public IReadOnlyList<string> Command(string project, string output) =>
    [
        "publish", project, "-c", "Release", "-o", output,
        .. IsForPlatform ? ["-r", PackedFeed.Platform, "--self-contained"] : (string[])[],
        .. Options, "-p:TrimmerSingleWarn=false", "-v", "minimal",
    ];
}
