using LLama.Exceptions;
using LLama.Native;
using PaliGguf.Interop;

namespace PaliGguf.LLamaSharp.Binding;

/// <summary>
/// The one set of native libraries of the process: whoever of LLamaSharp and PaliGguf comes first chooses it, and the other one takes
/// the same files.
/// </summary>
internal static class SharedNatives
{
    // What it sets is the process's, as the libraries are.
    private static readonly Lock Loading = new();

    /// <summary>Has both load them, where they have not yet.</summary>
    /// <exception cref="NativeLibraryException">They do not load, are not those of LLamaSharp's package, or there are two sets.</exception>
    public static void Load()
    {
        lock (Loading)
        {
            if (NativeLibraries.Loaded is { } own)
            {
                RequireLLamaSharps(own);
                Choose(own);
            }

            LoadLLamaSharps();
            NativeLibraries.RefuseSecondSet();
            RequireLLamaSharps(NativeLibraries.Load());
            // LLamaSharp may have set the program's callback since, or the program another one.
            NativeLog.Install(shared: true);
        }
    }

    /// <exception cref="NativeLibraryException">LLamaSharp's structures are not those of this build.</exception>
    internal static void RequireLLamaSharps(LoadedLibraries libraries)
    {
        if (libraries.Build.Set == NativeBuild.LLamaSharp) return;
        throw new NativeLibraryException(
            $"{libraries.LlamaPath} is llama.cpp {libraries.Build.Version} of the set '{libraries.Build.Set}', "
            + "which LLamaSharp can not use, and a process can hold one set: build the program with -p:PaliGgufNatives=llamasharp.");
    }

    /// <summary>
    /// Has LLamaSharp take the files that are loaded, and libmtmd from beside them: from another folder it would bring a second set.
    /// </summary>
    private static void Choose(LoadedLibraries own)
    {
        if (NativeLibraryConfig.LLama.LibraryHasLoaded) return;
        string mtmd = Path.Combine(own.Folder, Path.GetFileName(own.LlamaPath).Replace("llama", "mtmd", StringComparison.Ordinal));
        NativeLibraryConfig.All.WithLibrary(own.LlamaPath, File.Exists(mtmd) ? mtmd : null);
    }

    private static void LoadLLamaSharps()
    {
        try
        {
            OpenMpPolicy.WhileSleeping(() =>
            {
                NativeApi.llama_empty_call();
                return 0;
            });
        }
        catch (TypeInitializationException failure) when (failure.InnerException is RuntimeError reason)
        {
            throw new NativeLibraryException(
                "LLamaSharp finds no llama.cpp libraries: reference the package LLamaSharp.Backend.Cpu 0.30.0, or build with "
                + $"-p:PaliGgufNatives=llamasharp. It says: {reason.Message.ReplaceLineEndings(" ")}",
                failure);
        }
    }
}
