using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace PaliGguf.Cli.Hosting;

/// <summary>The end of the process without any clean-up: native threads may still be computing with what exit handlers would free.</summary>
internal static partial class ProcessExit
{
    private static readonly ConcurrentDictionary<string, Action> LastActions = new(StringComparer.Ordinal);

    /// <summary>Names what must not stay behind all the same: quick, and safe beside anything that still runs.</summary>
    public static void Before(string name, Action action) => LastActions[name] = action;

    /// <summary>Takes it back.</summary>
    public static void Forget(string name) => LastActions.TryRemove(name, out _);

    public static void Now(int exitCode)
    {
        foreach (Action action in LastActions.Values) action();
        if (!OperatingSystem.IsWindows()) ExitWithoutHandlers(exitCode);
        Environment.Exit(exitCode);
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void ExitWithoutHandlers(int exitCode);
}
