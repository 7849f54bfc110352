using System.Runtime.InteropServices;

namespace PaliGguf.Interop;

/// <summary>A build of llama.cpp that this binding was written against, told by what the library says of itself.</summary>
/// <param name="Set">Where it comes from, as the build property PaliGgufNatives calls it.</param>
/// <param name="Version">The version of llama.cpp.</param>
/// <param name="Layout">How its parameter structures are laid out.</param>
internal sealed record NativeBuild(string Set, string Version, ParameterLayout Layout)
{
    /// <summary>npm's packages @node-llama-cpp/*.</summary>
    public const string Node = "node";

    /// <summary>NuGet's packages LLamaSharp.Backend.*.</summary>
    public const string LLamaSharp = "llamasharp";

    /// <summary>The builds that are taken, for messages.</summary>
    public const string Supported = "llama.cpp 0.4 or 0.5 (npm's @node-llama-cpp 3.21 or 3.22), or b10221 (NuGet's LLamaSharp.Backend.Cpu "
        + "0.30.0: ggml 0.18.0, commit 815a2a591)";

    /// <summary>Tells a build by what it says.</summary>
    /// <param name="llamaVersion">What <c>llama_version</c> returns; null if there is no such function.</param>
    /// <param name="ggmlVersion">What <c>ggml_version</c> returns; null likewise.</param>
    /// <param name="ggmlCommit">What <c>ggml_commit</c> returns; null likewise.</param>
    /// <returns>Null if it is another.</returns>
    public static NativeBuild? Identify(string? llamaVersion, string? ggmlVersion, string? ggmlCommit) =>
        (llamaVersion, ggmlVersion, ggmlCommit) switch
        {
            ({ } version, _, _) when version.StartsWith("0.4.", StringComparison.Ordinal)
                || version.StartsWith("0.5.", StringComparison.Ordinal) =>
                new NativeBuild(Node, version, ParameterLayout.V05),
            (null, "0.18.0", "815a2a591") => new NativeBuild(LLamaSharp, "b10221", ParameterLayout.B10221),
            _ => null,
        };

    /// <summary>Asks loaded libraries which build they are.</summary>
    /// <exception cref="NativeLibraryException">It is none that this binding was written against.</exception>
    public static NativeBuild Of(nint llama, nint ggmlBase, string path)
    {
        string? llamaVersion = Ask(llama, "llama_version");
        string? ggmlVersion = Ask(ggmlBase, "ggml_version");
        string? ggmlCommit = Ask(ggmlBase, "ggml_commit");
        return Identify(llamaVersion, ggmlVersion, ggmlCommit) ?? throw new NativeLibraryException(
            $"{path} is llama.cpp {llamaVersion ?? "of unknown version"} (ggml {ggmlVersion ?? "of unknown version"}, commit "
                + $"{ggmlCommit ?? "unknown"}), "
            + $"whose structures this build of PaliGguf does not know. It takes {Supported}.");
    }

    private static unsafe string? Ask(nint library, string function) => NativeLibrary.TryGetExport(library, function, out nint export)
        ? Marshal.PtrToStringUTF8((nint)((delegate* unmanaged[Cdecl]<byte*>)export)())
        : null;
}

/// <summary>How the parameter structures of llama.h are laid out; functions and other structures are the same in all builds that are
/// taken.</summary>
internal enum ParameterLayout
{
    /// <summary>As in llama.cpp 0.4 and 0.5.</summary>
    V05,

    /// <summary>As in llama.cpp b10221.</summary>
    B10221,
}
