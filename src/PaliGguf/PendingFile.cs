namespace PaliGguf;

/// <summary>
/// A file that is written under a temporary name in its own folder; it gets its final name when it is complete, or vanishes. What killed
/// processes have left in that folder is removed by the next file written there.
/// </summary>
internal sealed class PendingFile : IDisposable
{
    private const int BufferBytes = 1 << 20;
    private const long ReportEvery = 8 << 20;
    private const int Attempts = 5;

    private readonly string _path;
    private readonly FileStream _stream;
    private readonly IProgress<long>? _progress;
    private readonly CancellationToken _cancellationToken;
    private long _position;
    private long _reported;
    private bool _committed;

    /// <summary>Creates the temporary file and asks the disk for room.</summary>
    /// <exception cref="PaliException">The folder does not take it.</exception>
    public PendingFile(string path, long length, IProgress<long>? progress, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _path = Path.GetFullPath(path);
        _progress = progress;
        _cancellationToken = cancellationToken;
        if (Directory.Exists(_path)) throw new PaliException($"{path}: can not be written: a folder has this name.");
        string folder = Path.GetDirectoryName(_path)!;
        if (!Directory.Exists(folder)) throw new PaliException($"{path}: can not be written: the folder {folder} does not exist.");
        _stream = Translate(() =>
        {
            Leftovers.ClearOnce(folder);
            return Create(folder, length);
        });
    }

    /// <summary>Writes a file as a whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="content">All of it.</param>
    /// <param name="cancellationToken">Ends the call early.</param>
    /// <exception cref="PaliException">The folder or the disk does not take it.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content, CancellationToken cancellationToken = default)
    {
        using PendingFile file = new(path, content.Length, progress: null, cancellationToken);
        file.Write(content);
        file.Commit();
    }

    /// <summary>Appends bytes.</summary>
    /// <exception cref="PaliException">The disk does not take them.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        try
        {
            _stream.Write(bytes);
        }
        catch (IOException e)
        {
            throw Failed(e);
        }

        _position += bytes.Length;
        if (_position - _reported >= ReportEvery) Report();
    }

    /// <summary>Appends zeros up to a position, less than 1 MiB away.</summary>
    public void PadTo(long position)
    {
        Span<byte> zeros = stackalloc byte[256];
        zeros.Clear();
        while (_position < position) Write(zeros[..(int)Math.Min(zeros.Length, position - _position)]);
    }

    /// <summary>Flushes the file to the disk and gives it its final name.</summary>
    public void Commit()
    {
        Translate(() =>
        {
            _stream.Flush(flushToDisk: true);
            _cancellationToken.ThrowIfCancellationRequested();
            // While it is still locked, so that nobody takes it for left over.
            File.Move(_stream.Name, _path, overwrite: true);
            _stream.Dispose();
            return true;
        });
        _committed = true;
        Report();
    }

    public void Dispose()
    {
        if (_committed) return;
        try
        {
            // Closing writes what is buffered, which fails once more if the disk is full.
            _stream.Dispose();
        }
        catch (IOException)
        {
        }

        try
        {
            File.Delete(_stream.Name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The cause of the failure is on its way to the caller, and must not be replaced by this one.
        }
    }

    private static FileStream Create(string folder, long length)
    {
        for (int attempt = 1; ; attempt++)
        {
            string path = Path.Combine(folder, Leftovers.Name(Path.GetRandomFileName()));
            FileStream stream;
            try
            {
                stream = Leftovers.Lock(path, FileMode.CreateNew, BufferBytes, length);
            }
            catch (IOException) when (attempt < Attempts && File.Exists(path))
            {
                // Another process is just looking whether it is left over, and removes it.
                continue;
            }

            if (File.Exists(path)) return stream;
            stream.Dispose();
        }
    }

    private void Report()
    {
        _reported = _position;
        _progress?.Report(_position);
    }

    private T Translate<T>(Func<T> operation)
    {
        try
        {
            return operation();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failed(e);
        }
    }

    private PaliException Failed(Exception cause) => new(
        cause is UnauthorizedAccessException
            ? $"{_path}: can not be written: no permission to write in its folder."
            : $"{_path}: can not be written: {cause.Message.ReplaceLineEndings(" ")}",
        cause);
}
