using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace PaliGguf.Interop;

/// <summary>The folders in which native libraries are looked for, and the search itself.</summary>
internal static class NativeFolders
{
    /// <summary>Names a folder that is searched before all others.</summary>
    public const string EnvironmentVariable = "PALIGGUF_NATIVE_DIR";

    /// <summary>"linux-x64", "win-x64", "osx-arm64" and so on: the platforms as .NET names them, without a distribution.</summary>
    public static string RuntimeIdentifier { get; } =
        (OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux")
        + "-" + (RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x64");

    /// <summary>All folders in the order of the search, existing or not.</summary>
    public static IReadOnlyList<string> SearchOrder()
    {
        List<string> folders = [];
        if (Environment.GetEnvironmentVariable(EnvironmentVariable) is { Length: > 0 } chosen) folders.Add(Path.GetFullPath(chosen));
        string below = Path.Combine("runtimes", RuntimeIdentifier, "native");
        foreach (string home in new[] { AppContext.BaseDirectory, AssemblyFolder })
        {
            if (home.Length == 0) continue;
            folders.Add(Path.Combine(home, below));
            folders.Add(home);
        }

        return folders.Select(Path.TrimEndingDirectorySeparator).Distinct(StringComparer.Ordinal).ToArray();
    }

    /// <summary>The first file whose name matches, in the order of the search.</summary>
    /// <param name="library">What the file is called in messages: "llama.cpp", "libvips".</param>
    /// <param name="fileName">Matches the file names that are accepted, on any platform.</param>
    /// <exception cref="NativeLibraryException">No folder has one, or one folder has several.</exception>
    public static string Find(string library, Regex fileName)
    {
        foreach (string folder in SearchOrder().Where(Directory.Exists))
        {
            string[] matches = Directory.EnumerateFiles(folder).Where(file => fileName.IsMatch(Path.GetFileName(file))).ToArray();
            if (matches.Length > 1)
            {
                throw new NativeLibraryException(
                    $"{folder} holds several {library} libraries ({string.Join(", ", matches.Select(Path.GetFileName))}): keep those of one version and accelerator.");
            }

            if (matches.Length == 1) return matches[0];
        }

        throw new NativeLibraryException(
            $"The native library {library} was not found. Looked in: {string.Join(", ", SearchOrder())}. "
            + $"Build the application with npm installed, which restores it, or set {EnvironmentVariable} to a folder that holds it; 'paligguf doctor' tells more.");
    }

    // Empty in a single-file application, where assemblies have no folder of their own.
    [System.Diagnostics.CodeAnalysis.UnconditionalSuppressMessage(
        "SingleFile", "IL3000", Justification = "An empty location is skipped; AppContext.BaseDirectory is searched first.")]
    private static string AssemblyFolder => Path.GetDirectoryName(typeof(NativeFolders).Assembly.Location) ?? "";
}
