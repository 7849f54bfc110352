namespace PaliGguf.Hosting.Models;

/// <summary>The model that comes with the program.</summary>
internal static class EmbeddedModel
{
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "models", "pali-nano");

    /// <summary>Whether both of its files are there.</summary>
    public static bool Exists => Directory.Exists(Folder) && Directory.EnumerateFiles(Folder, "*.gguf").Skip(1).Any();
}
