using System.Runtime.InteropServices;

namespace PaliGguf.Cli.Hosting;

/// <summary>The end of the process without any clean-up: native threads may still be computing with what exit handlers would free.</summary>
internal static partial class ProcessExit
{
    public static void Now(int exitCode)
    {
        if (!OperatingSystem.IsWindows()) ExitWithoutHandlers(exitCode);
        Environment.Exit(exitCode);
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void ExitWithoutHandlers(int exitCode);
}
