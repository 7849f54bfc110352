using System.Runtime.CompilerServices;

namespace PaliGguf.Tests;

/// <summary>Where the repository's own files lie, seen from a test.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The tiny random checkpoint with reference outputs: "tiny-g1" (PaliGemma 1) or "tiny-g2" (PaliGemma 2).</summary>
    public static string Golden(string name) => Path.Combine(Root, "tests", "golden", name);

    public static string PaliNano => Path.Combine(Root, "models", "pali-nano");

    private static string FindRoot([CallerFilePath] string thisFile = "")
    {
        foreach (string start in new[] { AppContext.BaseDirectory, Path.GetDirectoryName(thisFile)! })
        {
            for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, "PaliGguf.sln"))) return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("PaliGguf.sln was not found above " + AppContext.BaseDirectory);
    }
}
