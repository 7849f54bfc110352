namespace PaliGguf.Diagnostics;

/// <summary>A folder that is searched for native libraries.</summary>
/// <param name="Path">The folder.</param>
/// <param name="Exists">Whether it is there and may be read.</param>
/// <param name="Libraries">The names of the files in it that belong to llama.cpp or libvips.</param>
public sealed record NativeFolderInfo(string Path, bool Exists, IReadOnlyList<string> Libraries)
{
    internal static NativeFolderInfo Read(string path)
    {
        try
        {
            string[] libraries = Directory.EnumerateFiles(path).Select(file => System.IO.Path.GetFileName(file)).Where(IsOurs).Order(StringComparer.Ordinal).ToArray();
            return new NativeFolderInfo(path, true, libraries);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new NativeFolderInfo(path, false, []);
        }
    }

    private static bool IsOurs(string file) =>
        (file.Contains("llama", StringComparison.OrdinalIgnoreCase) || file.Contains("ggml", StringComparison.OrdinalIgnoreCase) || file.Contains("vips", StringComparison.OrdinalIgnoreCase))
        && (file.EndsWith(".so", StringComparison.Ordinal) || file.Contains(".so.", StringComparison.Ordinal)
            || file.EndsWith(".dylib", StringComparison.Ordinal) || file.EndsWith(".dll", StringComparison.OrdinalIgnoreCase));
}
