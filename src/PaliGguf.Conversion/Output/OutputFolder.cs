namespace PaliGguf.Conversion.Output;

/// <summary>
/// Where a conversion writes: made sure of before any work begins. Unless <see cref="Keep"/> was called, folders that did not exist
/// before are removed again.
/// </summary>
internal sealed class OutputFolder : IDisposable
{
    private readonly List<string> _created = [];
    private bool _keep;

    private OutputFolder(string path) => Path = path;

    public string Path { get; }

    /// <summary>Creates the folder if need be, and tries to write to it.</summary>
    /// <exception cref="ConversionException">The folder can not be created or written to.</exception>
    public static OutputFolder Open(string path)
    {
        OutputFolder folder = new(System.IO.Path.GetFullPath(path));
        try
        {
            folder.Create();
            return folder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            folder.Dispose();
            throw new ConversionException($"{folder.Path}: the output folder can not be written to: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    /// <summary>Makes sure that the disk has room, as far as its free space can be told.</summary>
    /// <exception cref="ConversionException">The disk has less room than <paramref name="needed"/> bytes.</exception>
    public void RequireSpace(long needed)
    {
        if (AvailableBytes() is { } available) RequireSpace(needed, available);
    }

    public void RequireSpace(long needed, long available)
    {
        if (needed <= available) return;
        throw new ConversionException($"{Path}: the converted model needs {needed:N0} bytes, but only {available:N0} are free on this disk");
    }

    /// <summary>The full path of a file that is to come.</summary>
    /// <exception cref="ConversionException">A folder of this name is in the way.</exception>
    public string FilePath(string name)
    {
        string path = System.IO.Path.Combine(Path, name);
        return Directory.Exists(path) ? throw new ConversionException($"{path}: a folder of this name is in the way") : path;
    }

    /// <summary>Leaves the folder in place.</summary>
    public void Keep() => _keep = true;

    public void Dispose()
    {
        if (_keep) return;
        try
        {
            foreach (string folder in _created) Directory.Delete(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Somebody else has put something there, so it is no longer ours to remove.
        }
    }

    private void Create()
    {
        for (string? folder = Path; folder is not null && !Directory.Exists(folder); folder = System.IO.Path.GetDirectoryName(folder)) _created.Add(folder);
        Directory.CreateDirectory(Path);
        string probe = System.IO.Path.Combine(Path, Leftovers.Name(System.IO.Path.GetRandomFileName()));
        new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose).Dispose();
    }

    // Unknown for network paths and the like; then the disk itself tells when it is full.
    private long? AvailableBytes()
    {
        try
        {
            return new DriveInfo(Path).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
