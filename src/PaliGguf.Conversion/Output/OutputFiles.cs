namespace PaliGguf.Conversion.Output;

/// <summary>
/// The files that one run writes: all of them under temporary names first, and at the end, when all are complete, under their own. Unless it comes to that, nothing
/// of them remains.
/// </summary>
internal sealed class OutputFiles : IDisposable
{
    private readonly OutputFolder _folder;
    private readonly StagingFolder _staging;
    private readonly IReadOnlyList<string> _names;
    private readonly IProgress<ConversionProgress>? _progress;
    private readonly long _bytesTotal;
    private long _bytesDone;

    private OutputFiles(OutputFolder folder, StagingFolder staging, IReadOnlyList<string> names, IProgress<ConversionProgress>? progress, long bytesTotal)
    {
        _folder = folder;
        _staging = staging;
        _names = names;
        _progress = progress;
        _bytesTotal = bytesTotal;
    }

    /// <summary>Makes sure that files can be written and have room.</summary>
    /// <param name="path">The folder; created when it does not exist.</param>
    /// <param name="job">What no two runs may do in this folder at once.</param>
    /// <param name="names">The names of all files.</param>
    /// <param name="tensorBytes">The bytes that progress is counted in.</param>
    /// <param name="otherBytes">What the files have besides, at most.</param>
    /// <param name="progress">Told of each file and of every piece written.</param>
    /// <exception cref="ConversionException">The folder can not be written to, the disk is too small, or another run does the same.</exception>
    public static OutputFiles Open(string path, string job, IReadOnlyList<string> names, long tensorBytes, long otherBytes, IProgress<ConversionProgress>? progress)
    {
        OutputFolder folder = OutputFolder.Open(path);
        try
        {
            folder.RequireSpace(tensorBytes + otherBytes);
            foreach (string name in names) folder.FilePath(name);
            return new OutputFiles(folder, StagingFolder.Open(folder.Path, job), names, progress, tensorBytes);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>The full path that a file will have.</summary>
    public string PathOf(string name) => _folder.FilePath(name);

    /// <summary>Writes one of the files.</summary>
    /// <param name="phase">What its bytes are reported as.</param>
    /// <param name="name">One of the names.</param>
    /// <param name="write">Gets the temporary path, and what to tell of each piece of tensor data.</param>
    public void Write(ConversionPhase phase, string name, Action<string, Action<long>> write)
    {
        Report(phase, name);
        write(Path.Combine(_staging.Path, name), bytes =>
        {
            _bytesDone += bytes;
            Report(phase, name);
        });
    }

    /// <summary>Gives all files their own names, the first one last: where it is, the others are too.</summary>
    public void Commit()
    {
        foreach (string name in _names.Reverse()) _staging.Commit(Path.Combine(_staging.Path, name), _folder.FilePath(name));
        _folder.Keep();
        Report(ConversionPhase.Done, _names[0]);
    }

    public void Dispose()
    {
        _staging.Dispose();
        _folder.Dispose();
    }

    private void Report(ConversionPhase phase, string name) => _progress?.Report(new ConversionProgress(phase, name, _bytesDone, _bytesTotal));
}
