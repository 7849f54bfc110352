using System.Diagnostics;
using PaliGguf.Gguf;

namespace PaliGguf.Tests.Gguf;

/// <summary>Another program that opens a file for writing, and waits where it has to.</summary>
internal sealed class Writer : IDisposable
{
    // Less than what the system keeps others waiting, at most: 45 s unless it is told otherwise.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _shell;

    private Writer(string script, string path) =>
        _shell = Process.Start(new ProcessStartInfo("sh", ["-c", script, "sh", path]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true })!;

    /// <summary>Whether the system, the disk and the user are such that a reader can keep a writer waiting.</summary>
    public static bool CanBeKeptWaiting(string path)
    {
        using FileStream file = File.OpenRead(path);
        ReadLease? lease = ReadLease.TryTake(file.SafeFileHandle, () => { });
        lease?.GiveBack();
        return lease is not null;
    }

    /// <summary>Cuts the file to nothing.</summary>
    public static Writer Emptying(string path) => new(": > \"$1\"", path);

    /// <summary>Leaves so many zeros in the file.</summary>
    public static Writer Shortening(string path, int bytes) => new($"head -c {bytes} /dev/zero > \"$1\"", path);

    /// <summary>Opens the file, and closes it unchanged on <see cref="Close"/>.</summary>
    public static Writer Opening(string path) => new("exec 3<> \"$1\"; echo open; read line", path);

    /// <summary>Waits until the file is open.</summary>
    public async Task HasOpenedAsync() => Assert.Equal("open", await _shell.StandardOutput.ReadLineAsync().WaitAsync(Patience));

    /// <summary>Waits until it has done its work.</summary>
    public async Task HasWrittenAsync()
    {
        await _shell.WaitForExitAsync().WaitAsync(Patience);
        Assert.Equal(0, _shell.ExitCode);
    }

    public void Close() => _shell.StandardInput.Close();

    public void Dispose()
    {
        Close();
        _shell.Dispose();
    }
}
