using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace PaliGguf.Interop;

/// <summary>
/// Loads the llama.cpp libraries once per process: ggml-base, ggml and llama from one folder, checks which build they are,
/// and registers the compute backends that lie beside them.
/// </summary>
internal static partial class NativeLibraries
{
    // A failure is kept, so that each later call explains it again instead of failing in a type initializer.
    private static readonly Lazy<(LoadedLibraries? Libraries, NativeLibraryException? Failure)> Loading = new(TryLoad);

    [GeneratedRegex(@"^(lib)?llama(\.[a-z]+)?(\.v[0-9.]+)?\.(so|dylib|dll)$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex LlamaFile();

    [GeneratedRegex(@"^(lib)?ggml(\.[a-z]+)?(\.v[0-9.]+)?\.(so|dylib|dll)$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex GgmlFile();

    [GeneratedRegex(@"^(lib)?ggml-base\.(so|dylib|dll)$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex GgmlBaseFile();

    /// <summary>The libraries, if they are loaded by now; else null.</summary>
    public static LoadedLibraries? Loaded => Loading.IsValueCreated ? Loading.Value.Libraries : null;

    /// <summary>Loads what is not loaded yet.</summary>
    /// <exception cref="NativeLibraryException">A library is missing, does not load, or is another build.</exception>
    public static LoadedLibraries Load()
    {
        (LoadedLibraries? libraries, NativeLibraryException? failure) = Loading.Value;
        return libraries ?? throw new NativeLibraryException(failure!.Message, failure) { Remedy = failure.Remedy };
    }

    /// <summary>Makes sure that the program has loaded no other llama.cpp libraries meanwhile.</summary>
    /// <exception cref="NativeLibraryException">It has.</exception>
    public static void RefuseSecondSet()
    {
        LoadedLibraries own = Load();
        RefuseSecondSet(LoadedModules.Files().Where(file => !own.Files.Contains(file)), own.Folder);
    }

    /// <summary>The libllama among a process's files, which is taken since a second one can not be.</summary>
    /// <returns>Null if there is none.</returns>
    /// <exception cref="NativeLibraryException">The user has chosen another folder.</exception>
    internal static string? Among(IReadOnlyList<string> files, string? chosenFolder)
    {
        string? loaded = files.FirstOrDefault(file => LlamaFile().IsMatch(Path.GetFileName(file)));
        if (loaded is null || chosenFolder is null
            || loaded.StartsWith(NativeFolders.Resolve(chosenFolder) + Path.DirectorySeparatorChar, PathComparison))
        {
            return loaded;
        }

        throw new NativeLibraryException(
            $"This program has already loaded {loaded}, and {NativeFolders.EnvironmentVariable} asks for the llama.cpp of {chosenFolder}: "
                + "a process can hold one set of these libraries. "
            + "Unset the variable.");
    }

    /// <summary>Makes sure that there are no llama.cpp libraries of another folder among files.</summary>
    /// <exception cref="NativeLibraryException">There are.</exception>
    internal static void RefuseSecondSet(IEnumerable<string> files, string folder)
    {
        string? foreign =
            files.FirstOrDefault(
                file => IsOfSet(Path.GetFileName(file)) && !string.Equals(Path.GetDirectoryName(file), folder, PathComparison));
        if (foreign is null) return;
        throw new NativeLibraryException(
            $"This program has loaded {foreign}, and PaliGguf the llama.cpp of {folder}: two sets of these libraries in one process call "
                + "into each other. "
            + "Build with -p:PaliGgufNatives=llamasharp, so that LLamaSharp and PaliGguf find one set, or load LLamaSharp's first: "
            + "PaliGguf then takes it.");
    }

    private static StringComparison PathComparison =>
        OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    private static bool IsOfSet(string file) => LlamaFile().IsMatch(file) || GgmlFile().IsMatch(file) || GgmlBaseFile().IsMatch(file);

    private static (LoadedLibraries?, NativeLibraryException?) TryLoad()
    {
        try
        {
            IReadOnlyList<string> loaded = LoadedModules.Files();
            string? shared = Among(loaded, NativeFolders.Chosen);
            string llamaPath = shared ?? NativeFolders.Find("llama.cpp (llama)", LlamaFile());
            string folder = Path.GetDirectoryName(llamaPath)!;
            RefuseSecondSet(loaded, folder);
            return (Load(folder, llamaPath, shared is not null), null);
        }
        catch (NativeLibraryException failure)
        {
            return (null, failure);
        }
    }

    private static LoadedLibraries Load(string folder, string llamaPath, bool shared)
    {
        string basePath = Sibling(folder, GgmlBaseFile());
        nint ggmlBase = OpenMpPolicy.WhileSleeping(() => NativeFile.Open(basePath));
        nint ggml = NativeFile.Open(Sibling(folder, GgmlFile()));
        nint llama = NativeFile.Open(llamaPath);
        NativeBuild build = NativeBuild.Of(llama, ggmlBase, llamaPath);
        NativeLibrary.SetDllImportResolver(typeof(NativeLibraries).Assembly, (name, _, _) => name switch
        {
            Llama.Library => llama,
            Ggml.Library => ggmlBase,
            GgmlRegistry.Library => ggml,
            _ => 0,
        });

        NativeLog.Install(shared);
        ComputeBackends.Register(folder);
        if (GgmlRegistry.ggml_backend_dev_count() == 0)
        {
            throw new NativeLibraryException(
                $"No compute backend (ggml-cpu-*) was found beside {llamaPath}. Build the application again to restore it.");
        }

        Llama.llama_backend_init();
        HashSet<string> files =
            [.. LoadedModules.Files().Where(file => string.Equals(Path.GetDirectoryName(file), folder, PathComparison))];
        return new LoadedLibraries(folder, llamaPath, build, Ggml.ggml_version(), Ggml.ggml_commit(), files);
    }

    private static string Sibling(string folder, Regex fileName) =>
        Directory.EnumerateFiles(folder).FirstOrDefault(file => fileName.IsMatch(Path.GetFileName(file)))
        ?? throw new NativeLibraryException(
            $"{folder} holds llama.cpp only in part: no file matches {fileName}. Build the application again to restore it.");
}

/// <summary>The llama.cpp libraries of this process, and the files of their folder that are loaded.</summary>
internal sealed record LoadedLibraries(
    string Folder, string LlamaPath, NativeBuild Build, string GgmlVersion, string GgmlCommit, IReadOnlySet<string> Files);
