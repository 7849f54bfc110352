namespace PaliGguf.Cli.Drawings;

/// <summary>The file that --out names.</summary>
internal static class DrawingFile
{
    private static readonly string[] Endings = [".png", ".jpg", ".jpeg", ".webp", ".svg"];

    /// <summary>Checks that a file can be drawn to, before the work is done that it is to show.</summary>
    /// <exception cref="UsageException">Its ending is that of no format.</exception>
    /// <exception cref="DirectoryNotFoundException">Its folder does not exist.</exception>
    public static void Check(string path)
    {
        if (!Endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase))
        {
            throw new UsageException($"--out {path}: the ending names no format; expected {string.Join(", ", Endings)}.");
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder)) throw new DirectoryNotFoundException($"{path}: there is no folder {folder}.");
    }

    /// <summary>The option, with what the command draws.</summary>
    public static PathOption Option(string what) => new("--out")
    {
        Description = $"{what}: FILE is a .png, .jpg, .webp or .svg, and is replaced when it is there.",
        HelpName = "FILE",
    };
}
