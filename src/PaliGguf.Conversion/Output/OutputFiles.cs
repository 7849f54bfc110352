namespace PaliGguf.Conversion.Output;

/// <summary>
/// The files that one run writes: all of them under temporary names first, and at the end, when all are complete, under their own.
/// Unless it comes to that, nothing
/// of them remains.
/// </summary>
internal sealed class OutputFiles : IDisposable
{
    private readonly OutputFolder _folder;
    private readonly StagingFolder _staging;
    private readonly IReadOnlyList<string> _names;
    private readonly IProgress<ConversionProgress>? _progress;
    private long _bytesTotal;
    private long _bytesDone;

    private OutputFiles(OutputFolder folder, StagingFolder staging, IReadOnlyList<string> names, IProgress<ConversionProgress>? progress)
    {
        _folder = folder;
        _staging = staging;
        _names = names;
        _progress = progress;
    }

    /// <summary>Where other temporary files may be, which are removed at the end.</summary>
    public string ScratchFolder => _staging.Path;

    /// <summary>Makes sure that files can be written.</summary>
    /// <param name="path">The folder; created when it does not exist.</param>
    /// <param name="job">What no two runs may do in this folder at once.</param>
    /// <param name="names">The names of all files.</param>
    /// <param name="progress">Told of each file and of every piece written.</param>
    /// <param name="goOn">Whether this run goes on with what another one has left, and leaves what it does not finish.</param>
    /// <exception cref="ConversionException">The folder can not be written to, or another run does the same.</exception>
    public static OutputFiles Open(string path, string job, IReadOnlyList<string> names, IProgress<ConversionProgress>? progress,
        bool goOn = false)
    {
        OutputFolder folder = OutputFolder.Open(path);
        try
        {
            foreach (string name in names) folder.FilePath(name);
            return new OutputFiles(folder, StagingFolder.Open(folder.Path, job, goOn), names, progress);
        }
        catch
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Makes sure that there is room.</summary>
    /// <param name="tensorBytes">The bytes of all tensors, which progress is counted in.</param>
    /// <param name="otherBytes">What is written besides, at most.</param>
    /// <exception cref="ConversionException">The disk is too small.</exception>
    public void Expect(long tensorBytes, long otherBytes)
    {
        _bytesTotal = tensorBytes;
        _folder.RequireSpace(tensorBytes + otherBytes);
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
        Discard();
        Report(ConversionPhase.Done, _names[0]);
    }

    /// <summary>Leaves nothing for another run to go on with.</summary>
    public void Discard() => _staging.Stays = false;

    /// <summary>Tells how much of a checkpoint has arrived.</summary>
    public void ReportArrival(string name, long done, long total)
    {
        (_bytesDone, _bytesTotal) = (done, total);
        Report(ConversionPhase.Arriving, name);
    }

    public void Dispose()
    {
        _staging.Dispose();
        _folder.Dispose();
    }

    private void Report(ConversionPhase phase, string name) =>
        _progress?.Report(new ConversionProgress(phase, name, _bytesDone, _bytesTotal));
}
