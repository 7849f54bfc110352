using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace PaliGguf.Interop;

/// <summary>
/// Loads the llama.cpp libraries once per process: ggml-base, ggml and llama from one folder, checks the version,
/// and registers the compute backends that lie beside them.
/// </summary>
internal static partial class NativeLibraries
{
    /// <summary>The llama.cpp releases whose headers this binding was written against.</summary>
    public const string SupportedVersions = "0.4 and 0.5";

    // A failure is kept, so that each later call explains it again instead of failing in a type initializer.
    private static readonly Lazy<(LoadedLibraries? Libraries, NativeLibraryException? Failure)> Loading = new(TryLoad);

    [GeneratedRegex(@"^(lib)?llama(\.[a-z]+)?(\.v[0-9.]+)?\.(so|dylib|dll)$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex LlamaFile();

    [GeneratedRegex(@"^(lib)?ggml(\.[a-z]+)?(\.v[0-9.]+)?\.(so|dylib|dll)$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex GgmlFile();

    [GeneratedRegex(@"^(lib)?ggml-base\.(so|dylib|dll)$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex GgmlBaseFile();

    /// <summary>Loads what is not loaded yet.</summary>
    /// <exception cref="NativeLibraryException">A library is missing, does not load, or has another version.</exception>
    public static LoadedLibraries Load()
    {
        (LoadedLibraries? libraries, NativeLibraryException? failure) = Loading.Value;
        return libraries ?? throw new NativeLibraryException(failure!.Message, failure);
    }

    private static (LoadedLibraries?, NativeLibraryException?) TryLoad()
    {
        try
        {
            string llamaPath = NativeFolders.Find("llama.cpp (llama)", LlamaFile());
            string folder = Path.GetDirectoryName(llamaPath)!;
            nint ggmlBase = Open(Sibling(folder, GgmlBaseFile()));
            nint ggml = Open(Sibling(folder, GgmlFile()));
            nint llama = Open(llamaPath);
            NativeLibrary.SetDllImportResolver(typeof(NativeLibraries).Assembly, (name, _, _) => name switch
            {
                Llama.Library => llama,
                Ggml.Library => ggmlBase,
                GgmlRegistry.Library => ggml,
                _ => 0,
            });

            string version = CheckVersion(llama, llamaPath);
            NativeLog.Install();
            Llama.llama_backend_init();
            GgmlRegistry.ggml_backend_load_all_from_path(folder);
            if (GgmlRegistry.ggml_backend_dev_count() == 0)
            {
                throw new NativeLibraryException($"No compute backend (ggml-cpu-*) was found beside {llamaPath}. Build the application again to restore it.");
            }

            return (new LoadedLibraries(folder, llamaPath, version, Ggml.ggml_version(), Ggml.ggml_commit()), null);
        }
        catch (NativeLibraryException failure)
        {
            return (null, failure);
        }
    }

    private static string Sibling(string folder, Regex fileName) =>
        Directory.EnumerateFiles(folder).FirstOrDefault(file => fileName.IsMatch(Path.GetFileName(file)))
        ?? throw new NativeLibraryException($"{folder} holds llama.cpp only in part: no file matches {fileName}. Build the application again to restore it.");

    private static nint Open(string path)
    {
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (Exception failure) when (failure is DllNotFoundException or BadImageFormatException)
        {
            throw new NativeLibraryException($"{path} does not load: {failure.Message.ReplaceLineEndings(" ")}", failure);
        }
    }

    private static string CheckVersion(nint llama, string path)
    {
        string version = NativeLibrary.TryGetExport(llama, "llama_version", out _) ? Llama.llama_version() : "older than 0.4";
        if (!version.StartsWith("0.4.", StringComparison.Ordinal) && !version.StartsWith("0.5.", StringComparison.Ordinal))
        {
            throw new NativeLibraryException(
                $"{path} is llama.cpp {version}; this build of PaliGguf needs {SupportedVersions}. Remove it, or unset {NativeFolders.EnvironmentVariable}, and build again.");
        }

        return version;
    }
}

/// <summary>The llama.cpp libraries of this process.</summary>
internal sealed record LoadedLibraries(string Folder, string LlamaPath, string LlamaVersion, string GgmlVersion, string GgmlCommit);
