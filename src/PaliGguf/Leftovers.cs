namespace PaliGguf;

/// <summary>
/// What killed processes have left in a folder: files that were being written, and folders of such files. Both have names that nothing else
/// has, and whoever writes holds a lock, which ends with its process; so what can be locked is nobody's any more.
/// </summary>
internal static class Leftovers
{
    /// <summary>The file in a folder of unfinished files that its owner has locked.</summary>
    public const string LockFile = "lock";
    private const string Prefix = ".paligguf-";
    private const string Suffix = ".partial";

    // Windows neither renames nor deletes an open file that does not allow it; others can not open it for writing with this either.
    private static readonly FileShare Alone = OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None;

    private static string? _lastCleared;

    /// <summary>The hidden name of what is not complete.</summary>
    /// <param name="name">Tells it from others in its folder.</param>
    public static string Name(string name) => Prefix + name + Suffix;

    /// <summary>Opens a file that nobody else has open, and which can be renamed and deleted while it is open.</summary>
    /// <exception cref="IOException">Somebody has it open.</exception>
    public static FileStream Lock(string path, FileMode mode, int bufferBytes = 1, long length = 0) => new(path, new FileStreamOptions
    {
        Mode = mode,
        Access = mode == FileMode.CreateNew ? FileAccess.Write : FileAccess.ReadWrite,
        Share = Alone,
        BufferSize = bufferBytes,
        PreallocationSize = length,
    });

    /// <summary>Clears a folder unless this process has cleared it last: thousands of files may be written into one, one after the other.</summary>
    public static void ClearOnce(string folder)
    {
        if (Interlocked.Exchange(ref _lastCleared, folder) != folder) Clear(folder);
    }

    /// <summary>Removes what nobody is writing any more; what can not be removed stays.</summary>
    public static void Clear(string folder)
    {
        foreach (FileSystemInfo entry in new DirectoryInfo(folder).EnumerateFileSystemInfos(Name("*")))
        {
            if (entry.LinkTarget is not null) continue;
            try
            {
                if (entry is DirectoryInfo) RemoveFolder(entry.FullName);
                else Remove(entry.FullName, File.Delete);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Somebody is writing it, or it is not ours to remove.
            }
        }
    }

    /// <summary>Removes all files of a folder but its lock.</summary>
    public static void Empty(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder).Where(file => Path.GetFileName(file) != LockFile)) File.Delete(file);
    }

    private static void RemoveFolder(string folder)
    {
        string file = Path.Combine(folder, LockFile);
        if (File.Exists(file))
        {
            Remove(file, locked =>
            {
                Empty(folder);
                File.Delete(locked);
            });
        }

        // Fails where anything is in it, and so does whoever has just made it and not locked it yet: that one tries again.
        Directory.Delete(folder);
    }

    private static void Remove(string file, Action<string> remove)
    {
        using FileStream locked = Lock(file, FileMode.Open);
        if (LocksWork(file)) remove(file);
    }

    /// <summary>Some network disks have no locks: there nothing is known of who is writing.</summary>
    private static bool LocksWork(string locked)
    {
        try
        {
            Lock(locked, FileMode.Open).Dispose();
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
