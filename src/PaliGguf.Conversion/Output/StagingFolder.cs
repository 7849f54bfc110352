namespace PaliGguf.Conversion.Output;

/// <summary>
/// Where the files of one conversion are written before they move to their final names: a hidden folder beside these, so that moving
/// is only renaming. What killed conversions have left is removed by the next one into the same folder, but by one that goes on with it.
/// </summary>
internal sealed class StagingFolder : IDisposable
{
    private const int Attempts = 5;
    private readonly FileStream _lock;

    private StagingFolder(string path, FileStream locked)
    {
        Path = path;
        _lock = locked;
    }

    public string Path { get; }

    /// <summary>Whether what is in it stays, for another run to go on with.</summary>
    public bool Stays { get; set; }

    /// <summary>Takes the staging folder of a name, alone.</summary>
    /// <param name="outputFolder">The folder of the final names.</param>
    /// <param name="name">What no two runs may do in it at once.</param>
    /// <param name="goOn">Whether to go on with what another run has left, and to leave what this one does not finish.</param>
    /// <exception cref="ConversionException">Another conversion of this name is running.</exception>
    public static StagingFolder Open(string outputFolder, string name, bool goOn = false)
    {
        string path = System.IO.Path.Combine(outputFolder, Leftovers.Name(name));
        StagingFolder folder = new(path, Lock(path)) { Stays = goOn };
        Leftovers.Clear(outputFolder);
        if (!goOn) Leftovers.Empty(path);
        return folder;
    }

    /// <summary>Gives a complete file its final name, replacing an older one.</summary>
    public void Commit(string stagedPath, string finalPath)
    {
        if (System.IO.Path.GetDirectoryName(stagedPath) != Path)
            throw new ArgumentException("Not a file of this folder.", nameof(stagedPath));
        File.Move(stagedPath, finalPath, overwrite: true);
    }

    public void Dispose()
    {
        try
        {
            if (!Stays) Leftovers.Empty(Path);
            // Before it is released: whoever waits for it must not find a folder that is about to vanish.
            File.Delete(_lock.Name);
            _lock.Dispose();
            if (!Stays) Directory.Delete(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A failure that is on its way to the caller must not be replaced by this one; the next conversion tries again.
            _lock.Dispose();
        }
    }

    private static FileStream Lock(string path)
    {
        string file = System.IO.Path.Combine(path, Leftovers.LockFile);
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                Directory.CreateDirectory(path);
                FileStream locked = Leftovers.Lock(file, FileMode.OpenOrCreate);
                if (File.Exists(file)) return locked;
                // Another process has removed it meanwhile.
                locked.Dispose();
            }
            catch (IOException e) when (attempt == Attempts)
            {
                throw new ConversionException($"{path}: another conversion of this name seems to be running", e);
            }
            catch (IOException)
            {
                // Perhaps another process is just looking whether it is left over.
            }
        }
    }
}
