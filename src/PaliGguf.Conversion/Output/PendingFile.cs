namespace PaliGguf.Conversion.Output;

/// <summary>A file that is written under a temporary name in its own folder; it gets its final name, or vanishes.</summary>
internal sealed class PendingFile : IDisposable
{
    private bool _moved;

    public PendingFile(string finalPath)
    {
        FinalPath = finalPath;
        if (Directory.Exists(finalPath)) throw new ConversionException($"{finalPath}: a folder of this name is in the way");
    }

    public string FinalPath { get; }

    public string TemporaryPath => FinalPath + ".partial";

    public long Length => new FileInfo(_moved ? FinalPath : TemporaryPath).Length;

    /// <summary>Gives the file its final name, replacing an older one.</summary>
    public void Commit()
    {
        File.Move(TemporaryPath, FinalPath, overwrite: true);
        _moved = true;
    }

    public void Dispose()
    {
        if (!_moved) File.Delete(TemporaryPath);
    }
}
