namespace PaliGguf.Diagnostics;

/// <summary>The llama.cpp libraries that this process has loaded.</summary>
/// <param name="Folder">The folder that all of them lie in.</param>
/// <param name="Path">The file of libllama.</param>
/// <param name="Version">The version of llama.cpp.</param>
/// <param name="Set">Whose build it is: "node" for npm's @node-llama-cpp, "llamasharp" for NuGet's LLamaSharp.Backend.</param>
/// <param name="GgmlVersion">The version of ggml.</param>
/// <param name="GgmlCommit">The commit that ggml was built from.</param>
/// <param name="CpuVariant">
/// The build of the CPU backend that was chosen for this processor, by the name of its file ("sapphirerapids") or of its folder ("avx2");
/// null where it can not be told.
/// </param>
/// <param name="LoadedFiles">The names of all files of the folder that are loaded.</param>
public sealed record LlamaLibraryInfo(
    string Folder, string Path, string Version, string Set,
    string GgmlVersion, string GgmlCommit, string? CpuVariant, IReadOnlyList<string> LoadedFiles);
