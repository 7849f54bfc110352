using PaliGguf.Cli.Hosting;

namespace PaliGguf.Cli.Benchmarks;

/// <summary>
/// A folder for gigabytes that are not to stay, removed when disposed and when the user ends the program. What a killed process has left is removed by the next one: the
/// folder of one that runs is locked.
/// </summary>
internal sealed class TemporaryFolder : IDisposable
{
    private const string Prefix = "paligguf-bench-";
    private const string LockName = "lock";

    // A folder that is just being made may not be locked yet.
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(1);

    private readonly FileStream _lock;

    public TemporaryFolder()
    {
        RemoveLeftovers();
        Path = Directory.CreateTempSubdirectory(Prefix).FullName;
        _lock = Lock(Path, FileMode.CreateNew);
        ProcessExit.Before(Path, () => Remove(Path));
    }

    public string Path { get; }

    public void Dispose()
    {
        ProcessExit.Forget(Path);
        _lock.Dispose();
        Remove(Path);
    }

    private static void RemoveLeftovers()
    {
        foreach (DirectoryInfo folder in new DirectoryInfo(System.IO.Path.GetTempPath()).EnumerateDirectories(Prefix + "*"))
        {
            if (folder.LinkTarget is not null || DateTime.UtcNow - folder.CreationTimeUtc < Settled) continue;
            try
            {
                Lock(folder.FullName, FileMode.Open).Dispose();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Somebody's who is using it.
                continue;
            }

            Remove(folder.FullName);
        }
    }

    private static FileStream Lock(string folder, FileMode mode) => new(System.IO.Path.Combine(folder, LockName), mode, FileAccess.ReadWrite, FileShare.None);

    private static void Remove(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next one tries again.
        }
    }
}
