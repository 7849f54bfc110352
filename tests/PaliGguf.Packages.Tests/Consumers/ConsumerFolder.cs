using PaliGguf.Packages.Tests.Feed;
using PaliGguf.Tests;

namespace PaliGguf.Packages.Tests.Consumers;

/// <summary>An empty folder outside the repository, whose projects find the packages in the feed.</summary>
internal sealed class ConsumerFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ConsumerFolder(PackedFeed feed)
    {
        string machine = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        Write("nuget.config", $"""
            <configuration>
              <packageSources><add key="packed" value="{feed.Packages}" /></packageSources>
              <fallbackPackageFolders><add key="machine" value="{machine}" /></fallbackPackageFolders>
              <config><add key="globalPackagesFolder" value="{feed.Unpacked}" /></config>
            </configuration>
            """);
    }

    public string Path => _folder.Path;

    public string File(string name) => _folder.File(name);

    /// <summary>Writes a console project as "dotnet new console" makes it, with packages added.</summary>
    /// <param name="name">Its folder and name.</param>
    /// <param name="packages">The packages that it references.</param>
    /// <param name="sources">Its files of C#, by their names.</param>
    public void AddProject(string name, IEnumerable<string> packages, params (string File, string Text)[] sources)
    {
        IEnumerable<string> references =
            packages.Select(package => $"""    <PackageReference Include="{package}" Version="{PinnedVersions.Of(package)}" />""");
        Write(System.IO.Path.Combine(name, name + ".csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
              </PropertyGroup>
              <ItemGroup>
            {string.Join('\n', references)}
              </ItemGroup>
            </Project>
            """);
        foreach ((string file, string text) in sources) Write(System.IO.Path.Combine(name, file), text);
    }

    /// <summary>Lays the files where the README's first sample looks for them: pali-nano in place of a 3B model, and a scene of its
    /// samples.</summary>
    public void AddModel()
    {
        Directory.CreateDirectory(File("models"));
        foreach (string half in new[] { "", "mmproj-" })
        {
            System.IO.File.Copy(
                System.IO.Path.Combine(Repository.PaliNano, half + "pali-nano-Q8_0.gguf"),
                System.IO.Path.Combine(File("models"), half + "paligemma2-3b-mix-224-Q8_0.gguf"));
        }

        System.IO.File.Copy(System.IO.Path.Combine(Repository.PaliNano, "samples", "scene_01.png"), File("photo.jpg"));
    }

    public void Write(string name, string text)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(File(name))!);
        System.IO.File.WriteAllText(File(name), text);
    }

    public void Dispose() => _folder.Dispose();
}
