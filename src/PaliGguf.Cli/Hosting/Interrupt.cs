using System.Runtime.InteropServices;

namespace PaliGguf.Cli.Hosting;

/// <summary>
/// Ctrl-C and SIGTERM: the first asks a command to stop in an orderly way, and ends it within a second in any case unless it has asked for
/// more; the second ends it at once.
/// </summary>
internal sealed class Interrupt(InterruptGrace grace) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly Timer _deadline = new(_ => ProcessExit.Now(ExitCode.Interrupted));
    private int _signals;

    /// <summary>Is cancelled by the first.</summary>
    public CancellationToken Token => _stop.Token;

    /// <summary>Begins to listen.</summary>
    public void Listen()
    {
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal));
    }

    // The registrations and the deadline stay: until the process has ended, it may still have to be ended.
    public void Dispose()
    {
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _signals) > 1) ProcessExit.Now(ExitCode.Interrupted);
        _deadline.Change(grace.Time, Timeout.InfiniteTimeSpan);
        // What listens may do much, and the second signal has to come through meanwhile.
        _ = _stop.CancelAsync();
    }
}
