using System.Diagnostics;
using System.Runtime.InteropServices;
using LLama.Native;

namespace PaliGguf.Rival;

/// <summary>
/// Two functions of libmtmd that LLamaSharp has no public name for: with them the tower is timed apart from the decoder, which its
/// <c>EvaluateChunk</c> runs one after the other.
/// </summary>
internal static unsafe partial class VisionLibrary
{
    private const string Library = "mtmd";

    static VisionLibrary() => NativeLibrary.SetDllImportResolver(
        typeof(VisionLibrary).Assembly, (name, _, _) => name == Library ? NativeLibrary.Load(LoadedFile()) : 0);

    /// <summary>Passes a picture through tower and projector.</summary>
    /// <returns>The rows, valid until the next picture.</returns>
    public static nint Encode(SafeMtmdModelHandle vision, nint chunk)
    {
        int status = mtmd_encode_chunk(vision, chunk);
        return status == 0
            ? (nint)mtmd_get_output_embd(vision)
            : throw new InvalidOperationException($"libmtmd does not encode the picture (status {status}).");
    }

    private static string LoadedFile()
    {
        using Process process = Process.GetCurrentProcess();
        return process.Modules.Cast<ProcessModule>()
            .Select(module => module.FileName)
            .First(file => Path.GetFileName(file).Contains(Library, StringComparison.Ordinal));
    }

    [LibraryImport(Library)]
    private static partial int mtmd_encode_chunk(SafeMtmdModelHandle vision, nint chunk);

    [LibraryImport(Library)]
    private static partial float* mtmd_get_output_embd(SafeMtmdModelHandle vision);
}
