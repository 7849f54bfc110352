using Microsoft.Win32.SafeHandles;

namespace PaliGguf.Gguf;

/// <summary>
/// Keeps other programs from writing to an open file as long as somebody uses it, where the system can do that (<see cref="ReadLease"/>).
/// One that wants to write waits until the last user has left; if that takes long, the users are told. Safe for use by several threads.
/// </summary>
internal sealed class FileGuard : IDisposable
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly ReadLease? _lease;
    private Timer? _patience;
    private bool _held;
    private bool _disposed;

    // Whoever opened the file.
    private int _users = 1;

    /// <param name="file">Opened for reading only; it outlives the guard.</param>
    public FileGuard(SafeFileHandle file)
    {
        _lease = ReadLease.TryTake(file, OnWanted);
        _held = _lease is not null;
    }

    /// <summary>
    /// Somebody has waited for <see cref="Patience"/>: users must leave now, or the file changes under them. Called again each
    /// second until they have, on any thread.
    /// </summary>
    public Action? Overdue { get; set; }

    /// <summary>How long users may go on while somebody waits: half of the time for which the system lets him.</summary>
    public TimeSpan Patience { get; init; } = ReadLease.LongestWait / 2;

    /// <summary>Whether the system keeps others from writing, where it ever did.</summary>
    public bool IsOnPost
    {
        get
        {
            lock (_gate) return _lease is null || (_held && _lease.IsUndisturbed);
        }
    }

    /// <summary>Begins to use the file. Whether it is as it was, and <see cref="IsOnPost"/>, is to be asked afterwards.</summary>
    public void Enter()
    {
        lock (_gate)
        {
            _users++;
            if (_lease is null || _disposed) return;
            // Who waits goes first, and so this user is refused.
            if (_held) Yield();
            else _held = _lease.TryRenew();
        }
    }

    /// <summary>Ends the use.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            _users--;
            if (_held) Yield();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            if (_held) GiveBack();
        }
    }

    private void OnWanted()
    {
        lock (_gate)
        {
            if (!_held || _lease!.IsUndisturbed) return;
            Yield();
            if (_held) _patience ??= new Timer(_ => Hurry(), null, Patience, Again);
        }
    }

    /// <summary>Lets go who waits, unless the file is in use.</summary>
    private void Yield()
    {
        if (_users == 0 && !_lease!.IsUndisturbed) GiveBack();
    }

    private void GiveBack()
    {
        _held = false;
        _patience?.Dispose();
        _patience = null;
        _lease!.GiveBack();
    }

    private void Hurry()
    {
        lock (_gate)
        {
            if (_patience is null) return;
        }

        Overdue?.Invoke();
    }
}
