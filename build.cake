// dotnet tool restore && dotnet cake [--target=Test] [--configuration=Release] [--natives=node|llamasharp] [--accelerator=cuda|vulkan|cuda12] [--filter=*Resize*] [--repository=URL]

var target = Argument("target", "Test");
var configuration = Argument("configuration", "Release");
var natives = Argument("natives", "");
var accelerator = Argument("accelerator", "");
var filter = Argument("filter", "*");
var repository = Argument("repository", "");

var solution = File("./PaliGguf.sln");
var artifacts = Directory("./artifacts");
var packages = artifacts + Directory("packages");

DotNetMSBuildSettings Properties()
{
    var settings = new DotNetMSBuildSettings();
    if (natives != "") settings.WithProperty("PaliGgufNatives", natives);
    if (accelerator != "") settings.WithProperty("PaliGgufAccelerator", accelerator);
    return settings;
}

Task("Natives")
    .Description("Restores the pinned native libraries (llama.cpp, libvips) with npm or NuGet.")
    .Does(() =>
{
    var settings = Properties().WithTarget("BringNatives");
    settings.ArgumentCustomization = arguments => arguments.Append("-restore");
    DotNetMSBuild("./src/PaliGguf.Cli/PaliGguf.Cli.csproj", settings);
});

Task("SdkAlone")
    .Description("Does what the README says in a fresh clone, with the .NET SDK and nothing else: no npm, no packages.")
    .Does(() =>
{
    if (StartProcess("./.ci/sdk-alone") != 0) throw new CakeException("The README does not work with the .NET SDK alone.");
});

Task("Build")
    .Description("Builds the solution.")
    .IsDependentOn("Natives")
    .Does(() => DotNetBuild(solution, new DotNetBuildSettings { Configuration = configuration, MSBuildSettings = Properties() }));

Task("Test")
    .Description("Runs all tests.")
    .IsDependentOn("Build")
    .Does(() => DotNetTest(solution, new DotNetTestSettings { Configuration = configuration, NoBuild = true, MSBuildSettings = Properties() }));

Task("Pack")
    .Description("Makes the NuGet packages in artifacts/packages: the libraries, llama.cpp for all platforms (needs npm), and the console as a tool.")
    .Does(() =>
{
    CleanDirectory(packages);
    Pack("./PaliGguf.Packages.slnf");
    foreach (var project in GetFiles("./native/packages/*.csproj")) Pack(project.FullPath);
    Pack("./src/PaliGguf.Cli/PaliGguf.Cli.csproj", tool: true);
});

// In a folder of its own, so that packing leaves what was built for development alone.
void Pack(string project, bool tool = false)
{
    var settings = Properties().WithProperty("PaliGgufPacking", "true");
    // For each platform, whatever this one is.
    if (tool) settings.WithProperty("PaliGgufTools", "true");
    if (repository != "") settings.WithProperty("RepositoryUrl", repository);
    DotNetPack(project, new DotNetPackSettings
    {
        Configuration = "Release",
        OutputDirectory = packages,
        MSBuildSettings = settings,
        ArgumentCustomization = arguments => arguments.Append("--artifacts-path").AppendQuoted(MakeAbsolute(artifacts + Directory("build")).FullPath),
    });
}

Task("CLibrary")
    .Description("Compiles the C library ahead of time into artifacts/c-library/PLATFORM, with its header and llama.cpp: needs gcc or clang.")
    .Does(() =>
{
    var platform = Argument("platform", System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier);
    DotNetPublish("./src/PaliGguf.Native/PaliGguf.Native.csproj", new DotNetPublishSettings
    {
        Configuration = "Release",
        Runtime = platform,
        OutputDirectory = artifacts + Directory("c-library") + Directory(platform),
        MSBuildSettings = Properties(),
    });
});

Task("Consumers")
    .Description("Uses the packages as somebody else does: publishes an application in every mode, outside the repository, and runs it.")
    .Does(() => DotNetTest("./tests/PaliGguf.Packages.Tests/PaliGguf.Packages.Tests.csproj", new DotNetTestSettings
    {
        Configuration = configuration,
        EnvironmentVariables = new Dictionary<string, string> { ["PALIGGUF_CONSUMERS"] = "1" },
    }));

Task("NativeConsole")
    .Description("Publishes the console as one native file for this platform, in artifacts/console, and runs the console's tests with it.")
    .IsDependentOn("Natives")
    .Does(() =>
{
    var console = MakeAbsolute(artifacts + Directory("console"));
    CleanDirectory(console);
    DotNetPublish("./src/PaliGguf.Cli/PaliGguf.Cli.csproj", new DotNetPublishSettings
    {
        Configuration = "Release",
        OutputDirectory = console,
        MSBuildSettings = Properties().WithProperty("PublishAot", "true"),
        ArgumentCustomization = arguments => arguments
            .Append("--use-current-runtime").Append("--artifacts-path").AppendQuoted(MakeAbsolute(artifacts + Directory("build")).FullPath),
    });
    var tests = "./tests/PaliGguf.Cli.Tests/PaliGguf.Cli.Tests.csproj";
    DotNetBuild(tests, new DotNetBuildSettings { Configuration = configuration, MSBuildSettings = Properties() });
    // A program of its own, which lies beside the console.
    CopyDirectory($"./src/PaliGguf.Cli/bin/{configuration}/net10.0/rival", console.Combine("rival"));
    DotNetTest(tests, new DotNetTestSettings
    {
        Configuration = configuration,
        NoBuild = true,
        MSBuildSettings = Properties(),
        EnvironmentVariables = new Dictionary<string, string> { ["PALIGGUF_TEST_FOLDER"] = console.FullPath },
    });
});

Task("Arm64")
    .Description("Runs the golden answers on linux-arm64 under qemu: needs Debian's qemu-user-static.")
    .Does(() => Emulate("arm64"));

Task("Windows")
    .Description("Runs the golden answers on win-x64 under Wine: needs Debian's wine, wine64 and gcc-mingw-w64-x86-64.")
    .Does(() => Emulate("windows"));

void Emulate(string platform)
{
    var arguments = new ProcessArgumentBuilder().Append($"native/emulation/{platform}.sh").AppendQuoted(artifacts + Directory(platform));
    int status = StartProcess("bash", new ProcessSettings { Arguments = arguments });
    if (status != 0) throw new CakeException($"The tests of {platform} ended with {status}.");
}

Task("Pictures")
    .Description("Makes the documentation's pictures of web pages: needs Chromium.")
    .IsDependentOn("Natives")
    .Does(() => DotNetTest("./tests/PaliGguf.Page.Tests/PaliGguf.Page.Tests.csproj", new DotNetTestSettings
    {
        Configuration = configuration,
        Filter = "ReadmePictureTests|ReportPictureTests",
        MSBuildSettings = Properties(),
        EnvironmentVariables = new Dictionary<string, string> { ["PALIGGUF_PICTURES"] = MakeAbsolute(Directory("./docs/pictures")).FullPath },
    }));

Task("Bench")
    .Description("Runs the benchmarks that --filter names: all without one.")
    .IsDependentOn("Natives")
    .Does(() => DotNetRun(
        "./tests/PaliGguf.Benchmarks/PaliGguf.Benchmarks.csproj",
        new ProcessArgumentBuilder().Append("--filter").AppendQuoted(filter).Append("--artifacts").AppendQuoted(artifacts + Directory("benchmarks")),
        new DotNetRunSettings { Configuration = "Release", MSBuildSettings = Properties() }));

RunTarget(target);
