using System.Globalization;
using PaliGguf.Hosting.Requests;
using PaliGguf.Hosting.Settings;
using PaliGguf.Imaging;

namespace PaliGguf.Hosting.Pictures;

/// <summary>The folders whose files others may have read. What counts is where a file really lies, links followed.</summary>
internal sealed class AllowedFolders
{
    private static readonly StringComparison Comparison =
        OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    private readonly string[] _folders;
    private readonly string _who;
    private readonly string _wayOut;

    private AllowedFolders(string[] folders, string who, string wayOut) => (_folders, _who, _wayOut) = (folders, who, wayOut);

    /// <summary>The folders of a command line.</summary>
    /// <param name="folders">The folders; none for the current directory.</param>
    /// <param name="who">Who reads them: "server".</param>
    /// <param name="wayOut">What to do about a file that lies elsewhere.</param>
    /// <exception cref="UsageException">One is no folder, or the current directory is the whole disk.</exception>
    public static AllowedFolders Of(IReadOnlyList<string> folders, string who, string wayOut)
    {
        if (folders.FirstOrDefault(folder => !Directory.Exists(folder)) is { } missing)
            throw new UsageException($"--allow {missing}: there is no such folder.");
        if (folders.Count > 0) return new AllowedFolders([.. folders.Select(folder => RealPath.Of(Path.GetFullPath(folder)))], who, wayOut);
        string current = Environment.CurrentDirectory;
        // Where many clients start their servers.
        if (Path.GetPathRoot(current) == current)
        {
            throw new UsageException($"the current directory is {current}, which is everything: name the folders whose pictures may be read "
                + "with --allow.");
        }

        return new AllowedFolders([RealPath.Of(current)], who, wayOut);
    }

    /// <summary>The folders' full paths, with commas in between.</summary>
    public string Names => string.Join(", ", _folders);

    /// <summary>Where a file or folder really lies.</summary>
    /// <param name="name">Its path, absolute or relative to the first folder, or a file URI.</param>
    /// <exception cref="UnauthorizedAccessException">It lies elsewhere. The message is the same whether or not it exists.</exception>
    public string Resolve(string name)
    {
        string path = PicturePath.Of(name);
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal)) throw new ArgumentException("The path is empty, or holds a character that no path has.");
        string real = RealPath.Of(Path.GetFullPath(path, _folders[0]));
        return Holds(real) ? real : throw Elsewhere(path);
    }

    /// <summary>Opens a file.</summary>
    /// <param name="name">Its path, absolute or relative to the first folder, or a file URI.</param>
    /// <exception cref="UnauthorizedAccessException">It lies elsewhere. The message is the same whether or not it exists.</exception>
    /// <exception cref="ImageException">It is not there, or no regular file.</exception>
    public FileStream Open(string name)
    {
        string path = PicturePath.Of(name);
        FileStream file = OpenRegular(Resolve(name), path);
        // Of a file that is open nobody can exchange a link any more.
        if (!OperatingSystem.IsLinux() || OpenedPath(file) is not { } opened || Holds(opened)) return file;
        file.Dispose();
        throw Elsewhere(path);
    }

    private static FileStream OpenRegular(string real, string name)
    {
        try
        {
            return RegularFile.Open(real);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ImageFile.Unreadable(name, e, real);
        }
    }

    private bool Holds(string path) => _folders.Any(folder => path.Equals(folder, Comparison)
        || path.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, Comparison));

    private UnauthorizedAccessException Elsewhere(string path) =>
        new($"{path} is not within what this {_who} may read ({Names}): {_wayOut}");

    private static string? OpenedPath(FileStream file) =>
        new FileInfo(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{file.SafeFileHandle.DangerousGetHandle()}")).LinkTarget;
}
