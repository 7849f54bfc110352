using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;

namespace PaliGguf.Cli.Hosting;

/// <summary>
/// Ctrl-C and SIGTERM: the first stops the application in an orderly way, and within a second in any case unless the command has asked for
/// more; the second ends it at once.
/// </summary>
internal sealed class InterruptLifetime(IHostApplicationLifetime application, InterruptGrace grace) : IHostLifetime, IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly Timer _deadline = new(_ => ProcessExit.Now(ExitCode.Interrupted));
    private int _signals;

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal));
        _registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // The registrations and the deadline stay: until the process has ended, it may still have to be ended.
    public void Dispose()
    {
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _signals) > 1) ProcessExit.Now(ExitCode.Interrupted);
        _deadline.Change(grace.Time, Timeout.InfiniteTimeSpan);
        application.StopApplication();
    }
}
