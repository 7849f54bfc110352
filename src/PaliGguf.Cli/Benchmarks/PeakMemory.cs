using System.Diagnostics;

namespace PaliGguf.Cli.Benchmarks;

/// <summary>The most physical memory that this process has had, mapped pages included.</summary>
internal static class PeakMemory
{
    /// <summary>The peak in bytes.</summary>
    public static long Read()
    {
        using Process process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }
}
