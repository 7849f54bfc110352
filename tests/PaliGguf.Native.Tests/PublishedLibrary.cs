using System.Runtime.InteropServices;
using PaliGguf.Imaging;
using PaliGguf.Packages.Tests;
using PaliGguf.Tests;

namespace PaliGguf.Native.Tests;

/// <summary>The C library, published once for all tests, and programs that are compiled for it.</summary>
public sealed class PublishedLibrary : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Where the library and llama.cpp's are.</summary>
    public static string Folder { get; } = Path.Combine(Artifacts, "publish");

    /// <summary>The library itself.</summary>
    public static string File { get; } = Path.Combine(Folder, "libpaligguf.so");

    /// <summary>A sample picture of the embedded model, without a format that C would need a library for.</summary>
    public string Picture => _folder.File("scene_01.ppm");

    private static string Artifacts => Path.Combine(Repository.Root, "artifacts", "tests", "native");

    public async Task InitializeAsync()
    {
        if (Tools.Missing(Tools.Compiler) is not null) return;
        await DotnetCommand.RunAsync(
            Repository.Root, "publish", Path.Combine("src", "PaliGguf.Native"), "-c", "Release", "-v", "quiet",
            "-r", $"linux-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}", "--artifacts-path", Artifacts, "-o",
                Folder);
        WritePpm(Picture, ImageFile.Load(Path.Combine(Repository.PaliNano, "samples", "scene_01.png")));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _folder.Dispose();

    /// <summary>Writes a picture in the form that the C programs read.</summary>
    public static void WritePpm(string path, RgbImage image)
    {
        using FileStream file = System.IO.File.Create(path);
        file.Write("P6\n"u8);
        file.Write(System.Text.Encoding.ASCII.GetBytes($"{image.Width} {image.Height}\n255\n"));
        file.Write(image.Pixels);
    }

    /// <summary>Compiles a program of Hosts, or one that is written for the occasion.</summary>
    /// <returns>Its path.</returns>
    public async Task<string> CompileAsync(string name, string? source = null, params string[] options)
    {
        string hosts = Path.Combine(Repository.Root, "tests", "PaliGguf.Native.Tests", "Hosts");
        string code = Path.Combine(hosts, name + ".c");
        if (source is not null)
        {
            code = _folder.File($"{name}-{Guid.NewGuid():N}.c");
            await System.IO.File.WriteAllTextAsync(code, source);
        }

        string program = _folder.File($"{name}-{Guid.NewGuid():N}");
        await DotnetCommand.SucceedAsync(
            _folder.Path, Tools.Compiler,
            [
                .. options.Any(option => option.StartsWith("-std", StringComparison.Ordinal)) ? [] : (string[])["-std=gnu99"], "-Wall",
                    "-Wextra", "-Werror", "-O1", "-g", "-I", hosts, "-I", Folder, .. options, code, "-o", program,
                "-L", Folder, "-lpaligguf", $"-Wl,-rpath,{Folder}", "-lpthread", "-ldl",
            ]);
        return program;
    }

    /// <summary>Compiles a program, runs it, and expects it to end with a status.</summary>
    /// <returns>What it printed.</returns>
    public async Task<string> RunAsync(string name, int status, params string[] arguments)
    {
        (int real, string output) = await DotnetCommand.TryAsync(_folder.Path, await CompileAsync(name), arguments);
        Assert.True(real == status, $"{name} {string.Join(' ', arguments)}: {real}, expected {status}\n{output}");
        return output;
    }
}

/// <summary>Tests of the published library, which share it.</summary>
[CollectionDefinition(Name)]
public sealed class LibraryCollection : ICollectionFixture<PublishedLibrary>
{
    public const string Name = "library";
}
