using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace PaliGguf.Interop;

/// <summary>The folders in which native libraries are looked for, and the search itself.</summary>
internal static class NativeFolders
{
    /// <summary>Names a folder that is searched before all others.</summary>
    public const string EnvironmentVariable = "PALIGGUF_NATIVE_DIR";

    // LLamaSharp's folder for NVIDIA GPUs, whose libraries load only where there is a driver.
    private const string Cuda = "cuda12";

    /// <summary>"linux-x64", "win-x64", "osx-arm64" and so on: the platforms as .NET names them, without a distribution.</summary>
    public static string RuntimeIdentifier { get; } =
        (OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux")
        + "-" + (RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "x64");

    /// <summary>Where a library lies that was compiled ahead of time, with this code in it: it sets it before the first search. Null in
    /// programs, of which
    /// <see cref="AppContext.BaseDirectory"/> tells; it tells a library of the host's folder.</summary>
    public static string? OwnFolder { get; set; }

    /// <summary>The folder that the user has chosen; null if none is.</summary>
    public static string? Chosen =>
        Environment.GetEnvironmentVariable(EnvironmentVariable) is { Length: > 0 } chosen ? Path.GetFullPath(chosen) : null;

    /// <summary>All folders in the order of the search, existing or not; before each, those of its variants that exist and that this
    /// machine can run.</summary>
    public static IReadOnlyList<string> SearchOrder() => Homes().SelectMany(home => Variants(home).Append(home)).ToArray();

    /// <summary>Which of several builds for one platform a folder holds: "avx2", "cuda12"; null if it is none of several.</summary>
    public static string? Variant(string folder) =>
        Path.GetFileName(folder) is var name && (name == Cuda || CpuVariants.BestFirst.Contains(name)) ? name : null;

    /// <summary>The first file whose name matches, in the order of the search.</summary>
    /// <param name="library">What the file is called in messages: "llama.cpp", "libvips".</param>
    /// <param name="fileName">Matches the file names that are accepted, on any platform.</param>
    /// <returns>Its path, links resolved, as the system's loader names it.</returns>
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

            if (matches.Length == 1) return Resolve(matches[0]);
        }

        string package = library.Contains("llama", StringComparison.Ordinal) ? "PaliGguf.Runtime" : $"NetVips.Native.{RuntimeIdentifier}";
        throw new NativeLibraryException(
            $"The native library {library} was not found. An application gets it from the package {package} "
            + $"('dotnet add package {package}'), or set {EnvironmentVariable} to a folder that holds it. "
            + $"Looked in: {string.Join(", ", SearchOrder())}.");
    }

    /// <summary>A path without links.</summary>
    public static string Resolve(string path)
    {
        string resolved = Path.GetPathRoot(path) ?? "";
        foreach (string part in path[resolved.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            string next = Path.Combine(resolved, part);
            resolved = File.ResolveLinkTarget(next, returnFinalTarget: true) is { } target ? Resolve(target.FullName) : next;
        }

        return resolved;
    }

    private static IEnumerable<string> Homes()
    {
        List<string> folders = [];
        if (Chosen is { } chosen) folders.Add(chosen);
        string below = Path.Combine("runtimes", RuntimeIdentifier, "native");
        foreach (string home in new[] { OwnFolder ?? "", AppContext.BaseDirectory, AssemblyFolder })
        {
            if (home.Length == 0) continue;
            folders.Add(Path.Combine(home, below));
            folders.Add(home);
        }

        // Where the host found the libraries of packages: in a package folder, or where a single file unpacked itself.
        string searched = AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "";
        folders.AddRange(searched.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries));
        return folders.Select(Path.TrimEndingDirectorySeparator).Distinct(StringComparer.Ordinal);
    }

    private static IEnumerable<string> Variants(string home)
    {
        string cuda = Path.Combine(home, Cuda);
        if (Directory.Exists(cuda) && NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1", out _))
            yield return cuda;
        foreach (string folder in CpuVariants.BestFirst.Select(variant => Path.Combine(home, variant)).Where(Directory.Exists))
            yield return folder;
    }

    // Empty in a single-file application, where assemblies have no folder of their own.
    [System.Diagnostics.CodeAnalysis.UnconditionalSuppressMessage(
        "SingleFile", "IL3000", Justification = "An empty location is skipped; AppContext.BaseDirectory is searched first.")]
    private static string AssemblyFolder => Path.GetDirectoryName(typeof(NativeFolders).Assembly.Location) ?? "";
}
