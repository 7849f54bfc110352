using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace PaliGguf.Interop;

/// <summary>What the native libraries need of the system and minimal systems lack, and how it is had.</summary>
internal static partial class SystemLibraries
{
    private static readonly (string Words, string Remedy)[] OfLinux =
    [
        ("`GLIBC", "it needs a newer Linux distribution; those of npm's packages, -p:PaliGgufNatives=node, run on older ones"),
        ("libgomp.so", "install GNU OpenMP: apt-get install libgomp1, or dnf install libgomp"),
        ("libstdc++.so", "install the C++ runtime: apt-get install libstdc++6, or dnf install libstdc++"),
        ("libgcc_s.so", "install GCC's runtime: apt-get install libgcc-s1, or dnf install libgcc"),
    ];

    private static readonly string[] OfWindows = ["vcruntime140.dll", "vcruntime140_1.dll", "msvcp140.dll", "vcomp140.dll"];

    /// <summary>What mends a failure to load; null if the reason is another.</summary>
    /// <param name="reason">The loader's own words, which name what is missing on Linux, and not on Windows.</param>
    public static string? Remedy(string reason)
    {
        if (!OperatingSystem.IsWindows()) return LinuxRemedy(reason);
        string[] missing = OfWindows.Where(file => !NativeLibrary.TryLoad(file, out _)).ToArray();
        return missing.Length == 0 ? null : $"{string.Join(", ", missing)} missing: install the Visual C++ runtime, winget install "
            + $"Microsoft.VCRedist.2015+.{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
    }

    internal static string? LinuxRemedy(string reason) =>
        OfLinux.FirstOrDefault(known => reason.Contains(known.Words, StringComparison.Ordinal)).Remedy
        ?? (MissingFile().Match(reason) is { Success: true } missing
            ? $"install your system's package that has {missing.Groups["file"].Value}" : null);

    // A dependency is named without a folder, and the library itself with one.
    [GeneratedRegex("^(?<file>[^/:]+): cannot open shared object file", RegexOptions.ExplicitCapture)]
    private static partial Regex MissingFile();
}
