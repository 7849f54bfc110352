using System.ComponentModel;
using System.Diagnostics;

namespace PaliGguf.Interop;

/// <summary>The files of native libraries that this process has loaded, whoever loaded them.</summary>
internal static class LoadedModules
{
    /// <summary>Their full paths, links resolved, each once; none where the system does not tell.</summary>
    public static IReadOnlyList<string> Files()
    {
        try
        {
            return (OperatingSystem.IsLinux() ? MappedFiles() : Modules()).Distinct(StringComparer.Ordinal).ToArray();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or Win32Exception or InvalidOperationException
            or PlatformNotSupportedException)
        {
            return [];
        }
    }

    // Process.Modules reads the same file, and takes ten times as long at its first call.
    private static IEnumerable<string> MappedFiles() =>
        File.ReadLines("/proc/self/maps")
            .Select(line => line.IndexOf('/', StringComparison.Ordinal) is var start and >= 0 ? line[start..] : "")
                .Where(path => path.Length > 0);

    private static string[] Modules()
    {
        using Process process = Process.GetCurrentProcess();
        return process.Modules.Cast<ProcessModule>().Select(module => module.FileName).ToArray();
    }
}
