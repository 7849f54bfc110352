using System.Runtime.ExceptionServices;

namespace PaliGguf.Conversion.Sources;

/// <summary>
/// A file that arrives front to back and is not kept. Its beginning is read in order, until <see cref="Begin"/> starts a thread that
/// reads the rest into a window of fixed size, hashes it as it passes, and
/// waits while nobody wants more. From then on all that is in the window can be read: it is long enough for pieces of a tensor that are
/// converted side by side.
/// </summary>
internal sealed class ArrivingContent : FileContent
{
    private const int Ahead = 16 << 20;
    private const int ChunkBytes = 256 * 1024;
    private readonly StreamedFile _file;
    private readonly CancellationTokenSource _end;
    private readonly CancellationTokenRegistration _ended;
    private readonly MemoryStream _head = new();
    private readonly object _news = new();
    private ArrivingHashes? _hashes;
    private byte[] _window = [];
    private Thread? _reader;
    private Exception? _failure;
    private long _first;
    private long _arrived;
    private long _wanted;
    private bool _isWhole;
    private bool _isDisposed;

    /// <param name="file">The file.</param>
    /// <param name="path">What it is called in messages.</param>
    /// <param name="cancellationToken">Ends all reading and waiting.</param>
    public ArrivingContent(StreamedFile file, string path, CancellationToken cancellationToken)
        : base(path)
    {
        _file = file;
        _end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _ended = cancellationToken.Register(() => Fail(new OperationCanceledException(cancellationToken)));
    }

    /// <summary>How far behind the furthest place that was read others may be read.</summary>
    private static int Behind { get; } = Math.Max(16, 2 * Environment.ProcessorCount) << 20;

    public override long Length => _file.Length;

    public string Name => _file.Name;

    public string? Sha256 => _file.Sha256;

    /// <summary>What was read of its beginning.</summary>
    public ReadOnlyMemory<byte> Head => _head.GetBuffer().AsMemory(0, (int)_head.Length);

    /// <summary>How many bytes have arrived.</summary>
    public long Arrived
    {
        get
        {
            lock (_news) return _reader is null ? _head.Length : _arrived;
        }
    }

    /// <summary>A window that several files may have one after the other.</summary>
    public static byte[] NewWindow() => GC.AllocateUninitializedArray<byte>(Behind + Ahead);

    /// <summary>Starts to read on.</summary>
    /// <param name="position">From where on: the end of what was read of the beginning, or where another run was.</param>
    /// <param name="hashes">Told of all bytes from there on.</param>
    /// <param name="window">Memory for it alone until it is disposed.</param>
    public void Begin(long position, ArrivingHashes hashes, byte[] window)
    {
        (_hashes, _window) = (hashes, window);
        (_first, _arrived, _wanted) = (position, position, position);
        _reader = new Thread(Arrive) { IsBackground = true, Name = "PaliGguf arrival" };
        _reader.Start();
    }

    public override void Read(long offset, Span<byte> destination)
    {
        if (_reader is null)
        {
            ReadHead(offset, destination);
            return;
        }

        lock (_news)
        {
            while (!destination.IsEmpty)
            {
                WaitFor(offset, offset + 1);
                if (offset < _first)
                {
                    throw new ModelFormatException(Path,
                        "its rows are too long to be converted while it arrives: download it, and convert the folder");
                }

                int place = (int)(offset % _window.Length);
                int count = (int)Math.Min(Math.Min(destination.Length, _arrived - offset), _window.Length - place);
                _window.AsSpan(place, count).CopyTo(destination);
                destination = destination[count..];
                offset += count;
            }
        }
    }

    /// <summary>Waits until all before a place has passed, read or not.</summary>
    public void Pass(long position)
    {
        lock (_news) WaitFor(position, position);
    }

    /// <summary>Waits until all of it has passed.</summary>
    /// <exception cref="ModelFormatException">Its SHA-256 is another one than it must have.</exception>
    public void Finish()
    {
        lock (_news)
        {
            WaitFor(Length, Length);
            while (!_isWhole && _failure is null) Monitor.Wait(_news);
            ThrowIfFailed();
        }
    }

    public override void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        _ended.Dispose();
        _end.Cancel();
        Fail(new ObjectDisposedException(Path));
        _reader?.Join();
        _end.Dispose();
        _window = [];
    }

    private void ReadHead(long offset, Span<byte> destination)
    {
        if (destination.IsEmpty) return;
        if (offset != _head.Length) throw new InvalidOperationException("The beginning is read in order.");
        using Stream part = _file.Open(offset, destination.Length, _end.Token);
        int count = part.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
        if (count < destination.Length) throw Short(offset + count);
        _head.Write(destination);
    }

    private void Arrive()
    {
        try
        {
            using Stream stream = _file.Open(_arrived, Length - _arrived, _end.Token);
            while (_arrived < Length)
            {
                // Nobody reads where the next bytes go before they are there.
                Span<byte> room = _window.AsSpan((int)(_arrived % _window.Length), WaitForRoom());
                int count = stream.Read(room);
                if (count == 0) throw Short(_arrived);
                _hashes!.Append(room[..count]);
                lock (_news)
                {
                    _arrived += count;
                    Monitor.PulseAll(_news);
                }
            }

            if (_file.Sha256 is { } expected && _hashes!.Finish() is var found
                && !found.Equals(expected, StringComparison.OrdinalIgnoreCase))
            {
                throw new ModelFormatException(Path, $"what arrived is not the file: its SHA-256 is {found}, expected {expected}");
            }

            lock (_news)
            {
                _isWhole = true;
                Monitor.PulseAll(_news);
            }
        }
        catch (Exception failure)
        {
            Fail(failure);
        }
    }

    private int WaitForRoom()
    {
        lock (_news)
        {
            for (; ; )
            {
                ThrowIfFailed();
                _first = Math.Max(_first, Math.Min(_wanted - Behind, _arrived));
                long room = Math.Min(_window.Length - (_arrived - _first), _window.Length - (_arrived % _window.Length));
                if (room > 0) return (int)Math.Min(Math.Min(room, ChunkBytes), Length - _arrived);
                Monitor.Wait(_news);
            }
        }
    }

    // Under the lock.
    private void WaitFor(long wanted, long end)
    {
        if (wanted > _wanted)
        {
            _wanted = wanted;
            Monitor.PulseAll(_news);
        }

        while (_arrived < end)
        {
            ThrowIfFailed();
            Monitor.Wait(_news);
        }
    }

    private void Fail(Exception failure)
    {
        lock (_news)
        {
            _failure ??= failure;
            Monitor.PulseAll(_news);
        }
    }

    private void ThrowIfFailed()
    {
        if (_failure is not null) ExceptionDispatchInfo.Throw(_failure);
    }

    private ModelFormatException Short(long end) => new(Path, $"the file ends at byte {end} of {Length}");
}
