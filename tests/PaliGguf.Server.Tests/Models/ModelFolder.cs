using PaliGguf.Tests;

namespace PaliGguf.Server.Tests.Models;

/// <summary>A folder of models: copies of the small one, under names of their own.</summary>
internal sealed class ModelFolder : IDisposable
{
    public const string First = "nano-one-Q8_0", Second = "nano-two-Q8_0";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("paligguf-models-");

    public ModelFolder()
    {
        Add(First, "");
        // In a folder of its own, as it may have been converted into.
        Add(Second, "second");
    }

    public string Path => _folder.FullName;

    /// <summary>A server of them.</summary>
    public Task<RunningServer> ServeAsync(Func<ServerOptions, ServerOptions>? configure = null) => RunningServer.StartAsync(options =>
    {
        options = options with { Model = "", ModelFolders = [Path], KeepAlive = Timeout.InfiniteTimeSpan };
        return configure?.Invoke(options) ?? options;
    });

    public void Add(string name, string folder)
    {
        string place = _folder.CreateSubdirectory(folder.Length > 0 ? folder : ".").FullName;
        foreach (string file in Directory.EnumerateFiles(Repository.PaliNano, "*.gguf"))
            File.Copy(file, System.IO.Path.Combine(place, System.IO.Path.GetFileName(file).Replace("pali-nano-Q8_0", name, StringComparison.Ordinal)));
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
