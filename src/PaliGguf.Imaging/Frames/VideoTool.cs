using System.Diagnostics;
using System.Text;
using PaliGguf.Imaging.Interop;

namespace PaliGguf.Imaging.Frames;

/// <summary>A program of ffmpeg while it runs: its output is read as it comes, and it ends when this is disposed or cancelled.</summary>
internal sealed class VideoTool : IDisposable
{
    private const int MaxComplaints = 8192;

    private readonly Process _process;
    private readonly Task<string> _complaints;
    private readonly CancellationTokenRegistration _registration;

    private VideoTool(Process process, CancellationToken cancellationToken)
    {
        _process = process;
        _complaints = ReadComplaintsAsync(process.StandardError);
        _registration = cancellationToken.Register(Kill);
    }

    public Stream Output => _process.StandardOutput.BaseStream;

    /// <summary>The full path of a program, or null if no folder has it.</summary>
    /// <param name="program">Its name without ending.</param>
    /// <param name="searchPath">The folders, in the form of the PATH variable; null for that variable itself.</param>
    public static string? Find(string program, string? searchPath)
    {
        string file = OperatingSystem.IsWindows() ? program + ".exe" : program;
        searchPath ??= Environment.GetEnvironmentVariable("PATH") ?? "";
        return searchPath
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(Path.IsPathFullyQualified)
            .Select(folder => Path.Combine(folder, file))
            .FirstOrDefault(IsExecutable);
    }

    /// <summary>Starts a program, without a shell.</summary>
    /// <exception cref="VideoDecoderException">It does not start.</exception>
    public static VideoTool Start(string program, IEnumerable<string> arguments, string name, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardErrorEncoding = Encoding.UTF8,
        };
        try
        {
            Process process = Process.Start(start) ?? throw new InvalidOperationException("no process");
            process.StandardInput.Close();
            return new VideoTool(process, cancellationToken);
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            throw new VideoDecoderException(name, $"{program} does not start ({e.Message})", e);
        }
    }

    /// <summary>Waits for the end; the output must have been read.</summary>
    /// <returns>Whether it succeeded, and its last complaint on one line.</returns>
    public async Task<(bool Succeeded, string Complaint)> EndAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        string complaints = await _complaints.ConfigureAwait(false);
        string last = complaints.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault("no reason is given");
        return (_process.ExitCode == 0, PlainLine.Of(last));
    }

    public void Dispose()
    {
        _registration.Dispose();
        Kill();
        _process.Dispose();
    }

    private static bool IsExecutable(string path)
    {
        const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & Execute) != UnixFileMode.None);
    }

    /// <summary>Reads all of it, so that the program is never held up, and keeps the end.</summary>
    private static async Task<string> ReadComplaintsAsync(StreamReader reader)
    {
        StringBuilder kept = new();
        char[] buffer = new char[1024];
        try
        {
            for (int read; (read = await reader.ReadAsync(buffer).ConfigureAwait(false)) > 0;)
            {
                kept.Append(buffer, 0, read);
                if (kept.Length > 2 * MaxComplaints) kept.Remove(0, kept.Length - MaxComplaints);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The program was ended; what it said until then is enough.
        }

        return kept.ToString();
    }

    private void Kill()
    {
        try
        {
            // These programs start no others, so there is no tree of processes to search for.
            _process.Kill();
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception or NotSupportedException)
        {
            // It has ended by itself.
        }
    }
}
