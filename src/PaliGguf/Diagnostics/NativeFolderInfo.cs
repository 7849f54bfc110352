using System.Text.RegularExpressions;

namespace PaliGguf.Diagnostics;

/// <summary>A folder that is searched for native libraries.</summary>
/// <param name="Path">The folder.</param>
/// <param name="Exists">Whether it is there and may be read.</param>
/// <param name="Libraries">The names of the files in it that belong to llama.cpp or libvips.</param>
public sealed partial record NativeFolderInfo(string Path, bool Exists, IReadOnlyList<string> Libraries)
{
    internal static NativeFolderInfo Read(string path)
    {
        try
        {
            string[] libraries =
                Directory.EnumerateFiles(path).Select(file => System.IO.Path.GetFileName(file)).Where(file => Ours().IsMatch(file))
                    .Order(StringComparer.Ordinal).ToArray();
            return new NativeFolderInfo(path, true, libraries);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new NativeFolderInfo(path, false, []);
        }
    }

    // Managed assemblies have such names too: NetVips.dll, LLamaSharp.dll.
    [GeneratedRegex(@"^(lib)?(llama|ggml|vips)([-.].*)?\.(dll|dylib|so(\.[0-9]+)*)$",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Ours();
}
