using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace PaliGguf.Interop;

/// <summary>
/// Registers the compute backends of a folder. Of the CPU there is a file for each generation of processors, and the library opens all of
/// them to ask each how well it suits, twice the one that does: as long as all that lie there are known, they are asked here, the best
/// first, and the first that suits is taken.
/// </summary>
internal static partial class ComputeBackends
{
    /// <summary>What the library looks for besides.</summary>
    private const string Another = "GGML_BACKEND_PATH";

    /// <summary>The generations of x64, the best first: that of a higher score, which is a sum of what a build makes use of.</summary>
    internal static ImmutableArray<string> BestFirst { get; } =
    [
        "sapphirerapids", "zen4", "cooperlake", "icelake", "cascadelake", "cannonlake", "skylakex", "alderlake", "haswell",
        "piledriver", "ivybridge", "sandybridge", "sse42", "x64",
    ];

    /// <summary>
    /// Registers them; before llama_backend_init, which otherwise looks for some beside the program and in the working directory, and
    /// would load what lies there.
    /// </summary>
    public static void Register(string folder)
    {
        if (Environment.GetEnvironmentVariable(Another) is not { Length: > 0 }
            && Candidates(Directory.EnumerateFiles(folder)) is { } candidates
            && candidates.FirstOrDefault(Suits) is { } best
            && GgmlRegistry.ggml_backend_load(best) != 0)
        {
            return;
        }

        GgmlRegistry.ggml_backend_load_all_from_path(folder);
    }

    /// <summary>The CPU's files among others, the best first; null if there is a backend that is none of the known ones.</summary>
    internal static IReadOnlyList<string>? Candidates(IEnumerable<string> files)
    {
        SortedList<int, string> candidates = [];
        foreach (string file in files)
        {
            if (Backend().Match(Path.GetFileName(file)) is not { Success: true } backend) continue;
            int place = BestFirst.IndexOf(backend.Groups["generation"].Value);
            if (place < 0 || !candidates.TryAdd(place, file)) return null;
        }

        return [.. candidates.Values];
    }

    // It stays open, as it will be needed; what does not suit is closed.
    private static unsafe bool Suits(string file)
    {
        if (!NativeLibrary.TryLoad(file, out nint library)) return false;
        bool suits = NativeLibrary.TryGetExport(library, "ggml_backend_score", out nint score) && ((delegate* unmanaged<int>)score)() > 0;
        if (suits) return true;
        NativeLibrary.Free(library);
        return false;
    }

    [GeneratedRegex(
        @"^(lib)?ggml-(?!base\.)(cpu-(?<generation>[a-z0-9]+)\.(so|dll)$)?", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Backend();
}
