using System.Diagnostics;
using System.Runtime.InteropServices;

namespace PaliGguf.Cli.Tests.Processes;

/// <summary>The signals by which users and service managers end a program.</summary>
internal static partial class Signal
{
    public const int Interrupt = 2;
    public const int Terminate = 15;

    /// <summary>Whether the program would get it: a shell starts background jobs with SIGINT ignored, and what they start inherits that.</summary>
    public static bool CanSend(int signal)
    {
        if (OperatingSystem.IsWindows()) return false;
        if (!OperatingSystem.IsLinux()) return true;
        string ignored = File.ReadLines("/proc/self/status").First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))["SigIgn:".Length..].Trim();
        return (Convert.ToUInt64(ignored, 16) & (1UL << (signal - 1))) == 0;
    }

    public static void Send(Process process, int signal) => Assert.Equal(0, kill(process.Id, signal));

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);
}
