using System.Diagnostics;

namespace PaliGguf.Cli.Benchmarks;

/// <summary>The most physical memory that this process has had.</summary>
internal static class PeakMemory
{
    /// <summary>Begins to measure anew, where the system can do that (Linux); elsewhere the peak is that of the whole process.</summary>
    public static void Reset()
    {
        const string Path = "/proc/self/clear_refs";
        const string ResetPeak = "5";
        if (!OperatingSystem.IsLinux()) return;
        try
        {
            File.WriteAllText(Path, ResetPeak);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A container may forbid it.
        }
    }

    /// <summary>The peak in bytes.</summary>
    public static long Read()
    {
        using Process process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
