namespace PaliGguf.Conversion.Output;

/// <summary>
/// Where the files of one conversion are written before they move to their final names: a hidden folder beside these, so that moving
/// is only renaming. What a killed conversion has left in it is removed by the next one of the same name.
/// </summary>
internal sealed class StagingFolder : IDisposable
{
    private const string LockFile = "lock";
    private readonly FileStream _lock;

    private StagingFolder(string path, FileStream locked)
    {
        Path = path;
        _lock = locked;
    }

    public string Path { get; }

    /// <summary>Takes the staging folder of a name, alone.</summary>
    /// <exception cref="ConversionException">Another conversion of this name is running.</exception>
    public static StagingFolder Open(string outputFolder, string name)
    {
        string path = System.IO.Path.Combine(outputFolder, $".{name}.partial");
        Directory.CreateDirectory(path);
        StagingFolder folder = new(path, Lock(path));
        folder.Clear();
        return folder;
    }

    /// <summary>Gives a complete file its final name, replacing an older one.</summary>
    public void Commit(string stagedPath, string finalPath)
    {
        if (System.IO.Path.GetDirectoryName(stagedPath) != Path) throw new ArgumentException("Not a file of this folder.", nameof(stagedPath));
        File.Move(stagedPath, finalPath, overwrite: true);
    }

    public void Dispose()
    {
        try
        {
            Clear();
            _lock.Dispose();
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A failure that is on its way to the caller must not be replaced by this one; the next conversion tries again.
        }
    }

    private static FileStream Lock(string path)
    {
        try
        {
            return new FileStream(System.IO.Path.Combine(path, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new ConversionException($"{path}: another conversion of this name seems to be running", e);
        }
    }

    private void Clear()
    {
        foreach (string file in Directory.EnumerateFiles(Path).Where(file => System.IO.Path.GetFileName(file) != LockFile)) File.Delete(file);
    }
}
